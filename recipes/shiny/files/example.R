# Waiting times at Old Faithful, with as many bars as are asked for.
library(shiny)

ui <- fluidPage(
  titlePanel("Old Faithful"),
  sliderInput("bars", "Bars", min = 1, max = 50, value = 20),
  plotOutput("histogram"),
  textOutput("summary")
)

server <- function(input, output, session) {
  output$histogram <- renderPlot(
    hist(faithful$waiting, breaks = input$bars, col = "#4450c8", border = "white",
         main = NULL, xlab = "Minutes to the next eruption"),
    alt = "Histogram of the waiting times"
  )
  output$summary <- renderText(sprintf("%d eruptions in %d bars, by %s", nrow(faithful), input$bars, R.version.string))
}

shinyApp(ui, server)
