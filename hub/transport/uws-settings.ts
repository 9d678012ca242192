// Read by the native module when it is loaded, so this file must be imported before it. uWS's own 4 KB is too
// little for a batch of tRPC queries, whose input travels in the query string.
process.env["UWS_HTTP_MAX_HEADERS_SIZE"] ??= "16384";
