package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// The data source of one snapshot reads it by its ID, or selects it by filters. No match is an error, and so are
// several matches without most_recent.
func TestProtocol_oneSnapshot(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		read := func(filter prototest.Values) (prototest.Values, prototest.Diagnostics) {
			t.Helper()
			filter["cloud"] = c.Name
			return p.ReadData(t, snapshotType, filter)
		}
		at := func(more prototest.Values) prototest.Values {
			more["source_id"] = c.Sources[0].SourceID
			if c.Limits.Location.Settable() {
				more["location"] = c.Sources[0].Location
			}
			return more
		}
		_, diags := read(at(prototest.Values{}))
		diags.MustFail(t, "Unable to find a snapshot", "No snapshot at "+c.Title+" matches the filters")

		r := p.Resource(t, snapshotType)
		r.Apply(t, r.Plan(t, snapshotConfig(t, s, c))).MustSucceed(t)
		made := r.Values(t)
		for what, filter := range map[string]prototest.Values{
			"by ID":     {"id": made["id"]},
			"by source": at(prototest.Values{}),
			"by state":  at(prototest.Values{"states": []any{"ready", "migrating"}, "most_recent": true}),
		} {
			got, diags := read(filter)
			diags.MustSucceed(t)
			for name, want := range made {
				_, shared := got[name]
				changes := name == "timeouts" || name == "state" || name == "storage_type"
				if shared && !changes && fmt.Sprint(got[name]) != fmt.Sprint(want) {
					t.Errorf("%s: %s is %v, want %v", what, name, got[name], want)
				}
			}
		}
		_, diags = read(prototest.Values{"id": made["id"], "states": []any{"ready"}, "most_recent": true})
		diags.MustFail(t, "Id selects the object, and most_recent is a filter", "Remove states or id")
		_, diags = read(prototest.Values{"id": "elsewhere/1"})
		diags.MustFail(t, "Invalid import ID", c.IDShape(c.Limits.SnapshotID))
		_, diags = read(at(prototest.Values{"states": []any{"error"}}))
		diags.MustFail(t, "Unable to find a snapshot")
		if c.Limits.SingleSnapshot() {
			return
		}

		second := p.Resource(t, snapshotType)
		config := snapshotConfig(t, s, c)
		if c.Limits.Snapshot["name"].Settable() {
			config["name"] = "nightly 2"
			got, diags := read(at(prototest.Values{"name": "nightly"}))
			if diags.MustSucceed(t); got["id"] != made["id"] {
				t.Errorf("by name: %v", got)
			}
			_, diags = read(at(prototest.Values{"name": "night"}))
			diags.MustFail(t, "Unable to find a snapshot")
		}
		s.Advance(time.Minute)
		second.Apply(t, second.Plan(t, config)).MustSucceed(t)
		_, diags = read(at(prototest.Values{}))
		diags.MustFail(t, "Unable to select a snapshot", "2 snapshots at "+c.Title+" match the filters, the newest first",
			fmt.Sprint(made["id"]), "set most_recent = true")
		got, diags := read(at(prototest.Values{"most_recent": true}))
		if diags.MustSucceed(t); got["id"] != second.Values(t)["id"] {
			t.Errorf("the most recent is %v, want %v", got["id"], second.Values(t)["id"])
		}
	})
}

// The data source of one image follows the same rules. It reports no URL.
func TestProtocol_oneImage(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		read := func(filter prototest.Values) (prototest.Values, prototest.Diagnostics) {
			t.Helper()
			filter["cloud"] = c.Name
			if c.Limits.Location.Settable() && filter["id"] == nil {
				filter["location"] = c.Sources[0].Location
			}
			return p.ReadData(t, "cloudsnap_image", filter)
		}
		r, config := p.Resource(t, imageType), imageConfig(t, s, c)
		config["name"] = "golden one"
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		made := r.Values(t)
		for what, filter := range map[string]prototest.Values{
			"by ID":   {"id": made["id"]},
			"by name": {"name": "golden one"},
			"by text": {"name_regex": "^golden one$"},
		} {
			got, diags := read(filter)
			diags.MustSucceed(t)
			if got["id"] != made["id"] || got["image_id"] != made["image_id"] || got["standard_image"] != false {
				t.Errorf("%s: %v, want %v", what, got, made)
			}
			if _, ok := got["url"]; ok {
				t.Errorf("%s: the URL is reported", what)
			}
		}
		_, diags := read(prototest.Values{"name": "golden"})
		diags.MustFail(t, "Unable to find an image", "No image at "+c.Title)
		_, diags = read(prototest.Values{"id": made["id"], "name": "golden one"})
		diags.MustFail(t, "Id selects the object, and name is a filter")
		for name := range c.Limits.ImageFilters {
			for _, other := range []string{"search", "family"} {
				if name != other && !c.Limits.ImageFilters[other].Settable() {
					_, diags = read(prototest.Values{other: "x"})
					diags.MustFail(t, c.Title+" does not support "+other+" for an image")
				}
			}
		}
		s.Advance(time.Minute)
		second := p.Resource(t, imageType)
		second.Apply(t, second.Plan(t, config)).MustSucceed(t)
		_, diags = read(prototest.Values{"name": "golden one"})
		diags.MustFail(t, "Unable to select an image", "2 images at "+c.Title+" match the filters, the newest first")
		got, diags := read(prototest.Values{"name": "golden one", "most_recent": true})
		if diags.MustSucceed(t); got["id"] != second.Values(t)["id"] {
			t.Errorf("the most recent is %v", got["id"])
		}
	})
}
