"""How long an import takes, how much memory, and how long everybody else waits meanwhile.

    python bench/importing.py [--rows 100000] [--database postgresql://user@host/an_empty_database]

It does what the bot does: the file is read by a process of its own, the dry run is a thread beside the
event loop, and all writing goes through the one writer, through which a chat writes every 10 ms meanwhile.
"""
