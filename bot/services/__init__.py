"""The use cases: each a verb that loads, asks the domain, writes, and says what has to be told."""
