"""The screens, by audience; nothing imports this package."""
