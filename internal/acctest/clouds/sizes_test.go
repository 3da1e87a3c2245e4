package clouds_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// names has one name of each of several scripts.
var names = []string{
	"größe", "снимок", "快照", "スナップ", "لقطة",
	"תמונה", "स्नैपशॉट", "สแนป", "στιγμή", "👩‍💻", "e\u0301",
}

// A listing of ten thousand snapshots with names of every script is read completely, with pages and without.
func TestSnapshots_tenThousand(t *testing.T) {
	const total, page = 10_000, 100
	for _, drv := range all.Drivers() {
		d := drv.Descriptor()
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			from, to := 0, total
			if r.URL.Path == "/granted" {
				to = 0
			}
			query := r.URL.Query()
			if n, err := strconv.Atoi(query.Get("page")); err == nil {
				from, to = (n-1)*page, n*page
			} else if n, err := strconv.Atoi(query.Get("offset")); err == nil {
				from, to = n, n+page
			}
			var snapshots []map[string]any
			for i := from; i < min(to, total); i++ {
				snapshots = append(snapshots, map[string]any{
					"id": strconv.Itoa(i + 1), "snapshotId": strconv.Itoa(i + 1), "instanceId": 17, "name": names[i%len(names)],
					"parent_volume_id": number, "instance": map[string]any{"id": number}, "state": "ready", "status": "AVAILABLE",
				})
			}
			body, err := json.Marshal(map[string]any{
				"access_token": canary, "token_type": "bearer", "snapshots": snapshots, "data": snapshots, "limit": page,
				"has_next": to < total, "_pagination": map[string]any{"page": 1, "totalPages": total / page},
			})
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
				Body: io.NopCloser(bytes.NewReader(body)),
			}, err
		})
		path := ""
		if d.Limits.LocationField != "" {
			path = "/{zone}"
		}
		client := open(t, drv, path, transport)
		s, ok := client.(driver.Snapshotter)
		if _, single := client.(driver.SingleSnapshotter); !ok || single {
			continue
		}
		list, err := driver.Collect(s.Snapshots(t.Context(), driver.SnapshotFilter{SourceID: number, Location: location(d)}))
		if err != nil || len(list) != total {
			t.Errorf("%s: %d snapshots, %v", d.Name, len(list), err)
			continue
		}
		for i, one := range list {
			if d.Limits.Snapshot["name"].Supported() && one.Name != names[i%len(names)] {
				t.Fatalf("%s: the snapshot %s has the name %q", d.Name, one.ID, one.Name)
			}
		}
	}
}

// location is where the snapshots of a cloud are, or empty.
func location(d driver.Descriptor) string {
	if d.Limits.LocationField == "" {
		return ""
	}
	return "ch-gva-2"
}
