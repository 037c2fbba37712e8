"""Importing a client's list of machines.

    a file -> reading (a process of its own) -> rows of texts -> headings -> checking against what is there
           -> staged rows and the same file with a verdict per row -> writing, in one transaction

Nothing of a list is in force before the last step, and all of it after.
"""
