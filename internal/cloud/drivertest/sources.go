package drivertest

import (
	"slices"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// sourcesAreListed requires that a listing has every source of the cloud, or of a zone, and that each is the same as in
// a read of it.
func sourcesAreListed(e *env) {
	location := e.location()
	var want []string
	for _, s := range e.Sources() {
		if !e.Limits.Location.Settable() || s.Location == location {
			want = append(want, s.ID)
		}
	}
	list, err := e.cloud.Sources(e.Context(), location)
	if err != nil {
		e.Fatalf("list: %v", err)
	}
	client, err := e.harness.Driver.Open(e.Settings)
	if err != nil {
		e.Fatalf("open: %v", err)
	}
	var got []string
	reader, reads := client.(driver.SourceReader)
	for _, s := range list {
		got = append(got, s.ID)
		if s.Name == "" || s.State == "" || (s.Location != "") != e.Limits.Location.Supported() {
			e.Errorf("incomplete: %+v", s)
		}
		if e.Limits.SingleSnapshot() && (s.MaxSnapshots == nil || *s.MaxSnapshots != 1) {
			e.Errorf("a source with a single snapshot can have %v", s.MaxSnapshots)
		}
		if !reads {
			continue
		}
		read, err := reader.Source(e.Context(), driver.Ref{Location: s.Location, SourceID: s.ID})
		if diff := gocmp.Diff(s, read); err != nil || diff != "" {
			e.Errorf("the listing and a read differ: %v %s", err, diff)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		e.Error("sources:", diff)
	}
}
