"""A whole call as one stereo file: the caller's telephone in the left ear, those of staff in the right one."""
