package sim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// newRoutes returns the operations by method and path.
func (s *Simulator) newRoutes() http.Handler {
	return simkit.Routes{
		"GET /instances":            s.listInstances,
		"GET /instances/{instance}": onInstance(s.getInstance),

		"GET /instances/{instance}/snapshots":                      onInstance(s.listSnapshots),
		"POST /instances/{instance}/snapshots":                     onInstance(s.createSnapshot),
		"GET /instances/{instance}/snapshots/{snapshot}":           s.onSnapshot(s.getSnapshot),
		"PATCH /instances/{instance}/snapshots/{snapshot}":         s.onSnapshot(s.updateSnapshot),
		"DELETE /instances/{instance}/snapshots/{snapshot}":        s.onSnapshot(s.deleteSnapshot),
		"POST /instances/{instance}/snapshots/{snapshot}/rollback": s.onSnapshot(s.rollbackSnapshot),
		"GET /snapshots/audits":                                    s.listAudits("snapshotId", snapshotAudit),

		"GET /images":            s.listImages,
		"POST /images":           s.createImage,
		"GET /images/stats":      s.imageStats,
		"GET /images/audits":     s.listAudits("imageId", imageAudit),
		"GET /images/{image}":    s.onImage(s.getImage),
		"PATCH /images/{image}":  s.onImage(s.updateImage),
		"DELETE /images/{image}": s.onImage(s.deleteImage),
	}.Handler(s.Mount+"/v1/compute", simkit.Fallback{
		NotFound: func(w http.ResponseWriter, r *http.Request) {
			fail(http.StatusNotFound, "Cannot %s %s", r.Method, r.URL.Path).answer(w)
		},
		NotAllowed: func(w http.ResponseWriter, _ *http.Request, allowed []string) {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			fail(http.StatusMethodNotAllowed, "Method Not Allowed").answer(w)
		},
	})
}

// onInstance passes the instance ID in the path of a request to handle. It refuses an ID that is not a number.
func onInstance(handle func(w http.ResponseWriter, r *http.Request, id int64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("instance"), 10, 64)
		if err != nil {
			fail(http.StatusBadRequest, "Validation failed (numeric string is expected)").answer(w)
			return
		}
		handle(w, r, id)
	}
}

// onSnapshot passes the index of the snapshot in the path of a request to handle. It refuses a snapshot, and an
// instance, that does not exist.
func (s *Simulator) onSnapshot(handle func(w http.ResponseWriter, r *http.Request, index int)) http.HandlerFunc {
	return onInstance(func(w http.ResponseWriter, r *http.Request, instance int64) {
		if s.findInstance(instance) == nil {
			noInstance(instance).answer(w)
			return
		}
		id := r.PathValue("snapshot")
		index := slices.IndexFunc(s.State.Snapshots, func(snap snapshot) bool {
			return snap.InstanceID == instance && snap.ID == id
		})
		if index < 0 {
			notFound("Snapshots", "snapshotId", id).answer(w)
			return
		}
		handle(w, r, index)
	})
}

// onImage passes the index of the image in the path of a request to handle. It refuses an image that does not exist.
func (s *Simulator) onImage(handle func(w http.ResponseWriter, r *http.Request, index int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("image")
		index := slices.IndexFunc(s.State.Images, func(i image) bool { return i.ID == id })
		if index < 0 {
			notFound("Image", "imageId", id).answer(w)
			return
		}
		handle(w, r, index)
	}
}
