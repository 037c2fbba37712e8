"""The Telegram bot: what people read and press, the use cases, and the delivery."""
