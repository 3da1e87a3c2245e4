package sim

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// requestID is the form that the document prescribes for x-request-id.
var requestID = regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-5][0-9A-Fa-f]{3}-[089abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)

// admit checks what every operation needs: a token, a request ID, and JSON where there is a body.
func (s *Simulator) admit(r *http.Request) *failure {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !s.valid(token, accessToken) {
		return fail(http.StatusUnauthorized, "Unauthorized")
	}
	if !requestID.MatchString(r.Header.Get("X-Request-Id")) {
		return fail(http.StatusBadRequest, "x-request-id must be a UUID")
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if simkit.HasBody(r) && !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return fail(http.StatusUnsupportedMediaType, "Unsupported Media Type: the body must be application/json")
	}
	return nil
}

// route finds the operations of a path, nil when there are none, and their methods for an Allow header.
func (s *Simulator) route(words []string) (found methods, allowed string) {
	if len(words) < 3 || words[0] != "v1" || words[1] != "compute" || slices.Contains(words, "") {
		return nil, ""
	}
	switch words[2] {
	case "instances":
		found = s.instanceRoutes(words[3:])
	case "snapshots":
		found = s.snapshotAuditRoutes(words[3:])
	case "images":
		found = s.imageRoutes(words[3:])
	}
	return found, strings.Join(slices.Sorted(maps.Keys(found)), ", ")
}

func (s *Simulator) instanceRoutes(words []string) methods {
	if len(words) == 0 {
		return methods{http.MethodGet: s.listInstances}
	}
	on := func(handle func(w http.ResponseWriter, r *http.Request, id int64)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			id, err := strconv.ParseInt(words[0], 10, 64)
			if err != nil {
				fail(http.StatusBadRequest, "Validation failed (numeric string is expected)").answer(w)
				return
			}
			handle(w, r, id)
		}
	}
	switch {
	case len(words) == 1:
		return methods{http.MethodGet: on(s.getInstance)}
	case words[1] != "snapshots":
		return nil
	case len(words) == 2:
		return methods{http.MethodGet: on(s.listSnapshots), http.MethodPost: on(s.createSnapshot)}
	}
	one := func(handle func(w http.ResponseWriter, r *http.Request, at int)) http.HandlerFunc {
		return on(func(w http.ResponseWriter, r *http.Request, id int64) { s.onSnapshot(w, r, id, words[2], handle) })
	}
	switch {
	case len(words) == 3:
		return methods{http.MethodGet: one(s.getSnapshot), http.MethodPatch: one(s.updateSnapshot), http.MethodDelete: one(s.deleteSnapshot)}
	case len(words) == 4 && words[3] == "rollback":
		return methods{http.MethodPost: one(s.rollbackSnapshot)}
	}
	return nil
}

func (s *Simulator) snapshotAuditRoutes(words []string) methods {
	if len(words) == 1 && words[0] == "audits" {
		return methods{http.MethodGet: s.listAudits("snapshotId", snapshotAudit)}
	}
	return nil
}

func (s *Simulator) imageRoutes(words []string) methods {
	switch {
	case len(words) == 0:
		return methods{http.MethodGet: s.listImages, http.MethodPost: s.createImage}
	case len(words) > 1:
		return nil
	case words[0] == "stats":
		return methods{http.MethodGet: s.imageStats}
	case words[0] == "audits":
		return methods{http.MethodGet: s.listAudits("imageId", imageAudit)}
	}
	one := func(handle func(w http.ResponseWriter, r *http.Request, at int)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { s.onImage(w, r, words[0], handle) }
	}
	return methods{http.MethodGet: one(s.getImage), http.MethodPatch: one(s.updateImage), http.MethodDelete: one(s.deleteImage)}
}
