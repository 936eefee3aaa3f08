# Fits a line to the speeds and stopping distances of cars; the result is in fit.csv of the work directory.
fit <- lm(dist ~ speed, data = cars)
write.csv(data.frame(term = names(coef(fit)), value = unname(coef(fit))), "fit.csv", row.names = FALSE)
cat(sprintf("Each mile per hour adds %.2f feet, by %d cars\n", coef(fit)[["speed"]], nrow(cars)))
