// Package httpx is the REST core that all vendor clients share: one base URL, JSON both ways, a hook that signs, a
// hook that reads the vendor's errors, and the rules of what may be repeated.
//
// What is repeated, and what is not:
//
//   - An answer 429 and a connection that could not be opened were surely not acted on: every request is sent again,
//     after the pause that the server asks for.
//   - Connection errors, answers that break off, answers 5xx and answers of success that lack what they must carry
//     may or may not have been acted on: only idempotent requests (all but those marked NonIdempotent) are sent
//     again.
//   - A 401 is tried once more with fresh credentials where the client can renew them.
//   - If a pause would outlast the context, it is not begun, and the last answer is returned as the error at once.
//
// How long a request may take: the caller's context decides. Each attempt of a request that may be repeated has a
// limit besides (Options.Timeout). An attempt of a request marked NonIdempotent has none, and gets a grace period for
// its answer when the context ends.
//
// Nothing secret leaves the package: the log has method, path, status, duration and request ID, never a header, a
// query or a body, and URLs in error texts lose their passwords and queries. Redirects are followed only for reads
// and only on the same host.
//
// The package knows no vendor and nothing else of this project.
package httpx
