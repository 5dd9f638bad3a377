layer!("Glu", "glu", "activation = Sigmoid"),
