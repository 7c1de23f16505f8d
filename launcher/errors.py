"""What can stop a start: each says, in one sentence, what the person at the keyboard may do."""


class LaunchError(Exception):
    """Something outside the program is in the way; the message is the whole explanation."""


class DatabaseUnavailable(LaunchError):
    """The embedded PostgreSQL cannot run here as things stand."""
