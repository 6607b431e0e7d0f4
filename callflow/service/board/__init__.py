"""What the board shows of live calls and of people: pure projections, and the view that is kept up to date."""
