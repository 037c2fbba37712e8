"""Where Greenlight keeps things: tables, the unit of work and its queries, the outbox, migrations."""
