"""Agents who book with somebody or for them: by phone, by mail, at the desk, at the digital point."""
