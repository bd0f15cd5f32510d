"""`make load`: a load test that sends messages at a steady rate and checks each of them."""
