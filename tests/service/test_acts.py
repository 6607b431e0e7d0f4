"""Acts through the service: on the state that was seen, with a telephone that is not in use, and on record."""



