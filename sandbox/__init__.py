"""A stand-in of Telegram: the Bot API over HTTP, and a page on which one plays the people in it."""
