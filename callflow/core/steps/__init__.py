"""The three steps, independent of one another: ``time_out``, ``delegate_upwards``, ``draw_the_line``."""
