"""The demo company: invented organisations and people, 200 machines with a lived history.

Deterministic: the same ``now`` makes the same company. ``demo.seeding.seed`` writes it.
"""
