# A path instead of a port number makes Shiny listen on a Unix socket, as Shiny Server has it do; the mask is its umask.
socket <- Sys.getenv("TUNEL_SOCKET")
attr(socket, "mask") <- strtoi("177", 8)
# Without this header Shiny answers no request and takes no WebSocket.
options(shiny.sharedSecret = readLines(Sys.getenv("TUNEL_TOKEN_FILE"), n = 1, warn = FALSE))
shiny::runApp(Sys.getenv("TUNEL_APP"), port = socket, launch.browser = FALSE)
