"""The call displays of the waiting room.

Sound needs one press on "Activer le son", because browsers ask for a gesture. A screen without a keyboard is
started with ``chromium --kiosk --autoplay-policy=no-user-gesture-required <address>`` and speaks by itself.
"""
