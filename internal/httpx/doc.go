// Package httpx is the REST core of all vendor clients: one base URL, JSON requests and answers, hooks for
// authorization and for the vendor's error bodies, and the rules of repetition.
//
// The rules of repetition:
//
//   - After an answer 429 and after a connection that was never opened, the server did not act on the request. Every
//     request is repeated, after the pause that the server demands.
//   - A 429 pauses all requests of the account (Limiter). After the pause they leave one by one, not at once. A later
//     429 extends the pause, and nothing shortens it. Requests that are under way continue.
//   - After a connection error, an incomplete answer, an answer 5xx or an unusable successful answer, the server may
//     have acted on the request. Only idempotent requests (all but those marked NonIdempotent) are repeated.
//   - A 401 is repeated once with new credentials, where the client can renew them.
//   - If the pause would outlast the context, the last answer is returned as the error at once. For a request that was
//     not sent, it is the answer that began the pause.
//
// The caller's context limits a request. Each attempt of a request that may be repeated has another limit
// (Options.Timeout). An attempt of a request marked NonIdempotent has none, and has a grace period for its answer when
// the context ends.
//
// No secret leaves the package. The log has method, path, status, duration and request ID, and no header, query or
// body. URLs in error texts have no passwords and queries. Redirects are followed only for reads and only on the same
// host.
//
// The package imports nothing else of this project, and names no vendor. Package httpdriver builds its options from the
// settings of a driver.
package httpx
