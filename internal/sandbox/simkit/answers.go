package simkit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// JSON answers with a status and a body; the Content-Type is application/json.
func JSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // A client that has gone does not need it.
}

// HasBody reports whether a request carries a body, however its length is announced. The body can still be read.
func HasBody(r *http.Request) bool {
	body := bufio.NewReader(r.Body)
	_, err := body.Peek(1)
	r.Body = struct {
		io.Reader
		io.Closer
	}{body, r.Body}
	return err == nil
}

// IsJSON reports whether the Content-Type of a request is application/json.
func IsJSON(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/json")
}

// Decode reads a JSON body into v, and is strict: an unknown field, a wrong type or something after the object is an
// error. An empty body and null leave v as it is and report false.
func Decode(r *http.Request, v any) (sent bool, err error) {
	content, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return false, err
	}
	content = bytes.TrimSpace(content)
	if len(content) == 0 || string(content) == "null" {
		return false, nil
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return true, err
	}
	if d.More() {
		return true, errors.New("there is something after the JSON object")
	}
	return true, nil
}

// UUID makes a version 4 UUID in lower case out of words. The same words always give the same UUID, so the seed has the
// same IDs at every start and a run can be repeated.
func UUID(words ...any) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(fmt.Sprintln(words...))))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// IsUUID reports whether text has the form of a UUID of any version.
func IsUUID(text string) bool { return uuidForm.MatchString(text) }
