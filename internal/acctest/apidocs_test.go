package acctest_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/apidocs"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// Everything that drivers and sandbox say to each other, in the conformance suite and in an exercise of the rest, must
// be as the official documents have it.
func TestAPIDocuments(t *testing.T) {
	for _, d := range acctest.Drivers() {
		t.Run(d.Descriptor().Name, func(t *testing.T) {
			document := apidocs.Load(t, d)
			var (
				mu       sync.Mutex
				watchers []*apidocs.Watcher
			)
			harness := sandboxtest.Harness(d)
			begin := harness.Start
			harness.Start = func(t *testing.T, latency time.Duration) drivertest.Simulation {
				t.Helper()
				simulation := begin(t, latency)
				w := &apidocs.Watcher{Next: cleanhttp.DefaultPooledTransport(), Document: document}
				mu.Lock()
				defer mu.Unlock()
				watchers = append(watchers, w)
				simulation.Settings.Transport = w
				return simulation
			}
			// The suite's tests run in parallel, and are over when the group is.
			t.Run("conformance", func(t *testing.T) { drivertest.Run(t, harness) })
			t.Run("the rest", func(t *testing.T) { exercise(t, d, harness.Start(t, 0)) })

			seen, told := map[string]int{}, map[string]bool{}
			for _, w := range watchers {
				for operation, n := range w.Seen() {
					seen[operation] += n
				}
				for _, p := range w.Problems() {
					if !told[p] {
						t.Error(p)
					}
					told[p] = true
				}
			}
			for _, operation := range document.Required() {
				if seen[operation] == 0 {
					t.Errorf("%s was never sent, so it was not tested", operation)
				}
			}
		})
	}
}

// exercise uses what the conformance suite leaves out: listings of everything, images, templates and exports.
func exercise(t *testing.T, d driver.Driver, simulation drivertest.Simulation) {
	t.Helper()
	cl, err := cloud.Open(d, simulation.Settings, cloud.Options{PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	sources := simulation.Sources()
	i := slices.IndexFunc(sources, func(s drivertest.Source) bool { return s.Slots != 0 })
	spec := driver.SnapshotSpec{SourceID: sources[i].ID, ReplaceExisting: cl.Limits.SingleSnapshot()}
	if cl.Limits.Location.Settable() {
		spec.Location = sources[i].Location
	}
	if cl.Limits.Snapshot["name"].Settable() {
		spec.Name = "exercise"
	}
	if cl.Limits.Snapshot["description"].Settable() {
		spec.Description = "of the documents"
	}
	check := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	made, operation, err := cl.CreateSnapshot(t.Context(), spec)
	check("create", err)
	made, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{Remote: cl.Limits.MovesToRemote()})
	check("wait", err)
	_, err = cl.Snapshots(t.Context(), driver.SnapshotFilter{Location: spec.Location})
	check("list", err)
	if cl.Limits.SingleSnapshot() {
		_, err = d.Open(simulation.Settings)
		check("open", err)
		simulation.Fault(drivertest.Fault{Method: "POST", To: 1, Do: drivertest.DoLose})
		_, _, err = cl.CreateSnapshot(t.Context(), spec)
		check("create with a lost answer", err)
	}
	if driver.Supports(d, driver.CapabilityCustomImage) {
		exerciseImages(t, cl, spec.Location)
	}
	if driver.Supports(d, driver.CapabilitySnapshotTemplate) {
		template, operation, err := cl.PromoteSnapshot(
			t.Context(),
			driver.PromoteSpec{Snapshot: made.Ref(), Name: "golden", SSHKeyEnabled: true},
		)
		check("promote", err)
		template, err = cl.WaitImage(t.Context(), template, operation)
		check("wait for the template", err)
		check("delete the template", cl.DeleteImage(t.Context(), template.Ref()))
	}
	if driver.Supports(d, driver.CapabilitySnapshotExport) {
		operation, err := cl.StartExport(t.Context(), made.Ref())
		check("export", err)
		_, err = cl.FinishExport(t.Context(), made.Ref(), operation)
		check("finish the export", err)
	}
}

func exerciseImages(t *testing.T, cl *cloud.Cloud, location string) {
	t.Helper()
	spec := driver.ImageSpec{
		Location:      location,
		Name:          "golden",
		Description:   "of the documents",
		URL:           "https://images.example.net/golden.qcow2",
		OSType:        "Linux",
		Version:       "12",
		Checksum:      "d41d8cd98f00b204e9800998ecf8427e",
		SSHKeyEnabled: true,
	}
	image, operation, err := cl.CreateImage(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if image, err = cl.WaitImage(t.Context(), image, operation); err != nil {
		t.Fatal(err)
	}
	name := "renamed"
	image, err = cl.UpdateImage(t.Context(), image.Ref(), driver.ImageChange{Name: &name})
	if err != nil || image.Name != name {
		t.Fatalf("%+v %v", image, err)
	}
	if list, err := cl.Images(t.Context(), driver.ImageFilter{Location: location}); err != nil || len(list) == 0 {
		t.Fatalf("%+v %v", list, err)
	}
	if err := cl.DeleteImage(t.Context(), image.Ref()); err != nil {
		t.Fatal(err)
	}
	if _, err := cl.ImageStats(t.Context()); err != nil && driver.KindOf(err) != driver.KindUnsupported {
		t.Fatal(err)
	}
}

// The check itself must be able to fail.
func TestAPIDocuments_noticeWhatDoesNotFit(t *testing.T) {
	document := apidocs.Load(t, nimbus.Driver{})
	const made = `{"id":"04e0f898-37b4-48bc-a794-1a57abe6aa31","disk":"disk-0001","label":"x",` +
		`"made":"2026-01-01T00:00:00Z"}`
	tests := map[string]struct{ method, path, sent, got, want string }{
		"everything fits": {"POST", "/nimbus/snapshots", `{"disk":"disk-0001","label":"x"}`, made, ""},
		"a name that is too long": {
			"POST", "/nimbus/snapshots", `{"disk":"disk-0001","label":"` + strings.Repeat("x", 41) + `"}`, made,
			"maximum string length is 40",
		},
		"an invented field": {
			"POST", "/nimbus/snapshots", `{"disk":"disk-0001","label":"x","colour":"red"}`, made, "colour",
		},
		"an invented parameter": {"GET", "/nimbus/snapshots?limit=1", "", "[]", `no query parameter "limit"`},
		"an answer without data": {
			"POST", "/nimbus/snapshots", `{"disk":"disk-0001","label":"x"}`, `{}`, `property "label" is missing`,
		},
		"an unknown path": {"GET", "/nimbus/everything", "", "", "no such operation"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), test.method, "http://127.0.0.1"+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			status := map[string]int{"GET": http.StatusOK, "POST": http.StatusCreated}[test.method]
			resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}}
			problems := strings.Join(document.Check(req, []byte(test.sent), resp, []byte(test.got)), "\n")
			if (problems == "") != (test.want == "") || !strings.Contains(problems, test.want) {
				t.Errorf("got %q, want %q", problems, test.want)
			}
		})
	}
}
