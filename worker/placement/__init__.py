"""The one way a visit gets its time: booking, moving, and whatever else comes later."""
