"""The rules: who may move what to which status, by when, and who is told.

Pure: standard library only, no clock (``now`` is an argument), no input or output.
"""
