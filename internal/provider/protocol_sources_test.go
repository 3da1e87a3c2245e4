package provider_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const sourcesType = "cloudsnap_snapshot_sources"

// The list has every source of the cloud or of a zone, in the order and with the attributes of the engine. Its filters
// narrow it without another request.
func TestProtocol_sources(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotSources, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		location := ""
		if c.Limits.Location.Settable() {
			location = c.Sources[0].Location
		}
		all, err := s.Cloud(t, c.Name).Sources(t.Context(), location)
		if err != nil || len(all) < 2 {
			t.Fatalf("%d sources, %v", len(all), err)
		}
		p := prototest.Start(t, s, nil)
		read := func(filter prototest.Values) (ids []string) {
			t.Helper()
			filter["cloud"] = c.Name
			if location != "" {
				filter["location"] = location
			}
			got, diags := p.ReadData(t, sourcesType, filter)
			diags.MustSucceed(t)
			list, _ := got["sources"].([]any)
			for _, one := range list {
				source, _ := one.(prototest.Values)
				id, _ := source["source_id"].(string)
				ids = append(ids, id)
				if limited := c.Limits.SingleSnapshot(); limited != (source["max_snapshots"] == 1.0) {
					t.Errorf("%s can have %v snapshots", id, source["max_snapshots"])
				}
				if source["name"] == nil || source["state"] == nil || (source["location"] == nil) == c.Limits.Location.Supported() {
					t.Errorf("incomplete: %v", source)
				}
			}
			return ids
		}
		var every, first, inState []string
		for _, source := range all {
			every = append(every, source.ID)
			if source.Name == all[0].Name {
				first = append(first, source.ID)
			}
			if source.State == all[0].State {
				inState = append(inState, source.ID)
			}
		}
		exactly := "^" + regexp.QuoteMeta(all[0].Name) + "$"
		for what, tc := range map[string]struct {
			filter prototest.Values
			want   []string
		}{
			"all":      {prototest.Values{}, every},
			"by name":  {prototest.Values{"name_regex": exactly}, first},
			"by state": {prototest.Values{"states": []any{all[0].State}}, inState},
			"none":     {prototest.Values{"name_regex": "^no such name$"}, nil},
		} {
			if diff := cmp.Diff(tc.want, read(tc.filter)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		_, diags := p.ReadData(t, sourcesType, prototest.Values{"cloud": c.Name, "name_regex": "("})
		diags.MustFail(t, "regular expression")
		if !c.Limits.Location.Supported() {
			_, diags = p.ReadData(t, sourcesType, prototest.Values{"cloud": c.Name, "location": "x"})
			diags.MustFail(t, "The location of an object at "+c.Title+" cannot be chosen")
		}
	})
}

// A listing without a zone is of the provider's default zone.
func TestProtocol_sourcesOfTheDefaultZone(t *testing.T) {
	t.Parallel()
	zoned := acctest.WhereLimits(func(l driver.Limits) bool { return l.Location.Settable() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotSources, zoned,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			config := prototest.Values{"cloud": c.Name}
			zone := c.Sources[0].Location
			settings := prototest.Values{c.Name: prototest.Values{c.Limits.LocationField: zone}}
			got, diags := prototest.Start(t, s, settings).ReadData(t, sourcesType, config)
			diags.MustSucceed(t)
			list, _ := got["sources"].([]any)
			if first, _ := list[0].(prototest.Values); first["location"] != zone {
				t.Errorf("got %v, want the sources in %s", list, zone)
			}
		})
}

// A data source that reads a snapshot does not make it a snapshot of the run: where a source has a single snapshot, no
// create overwrites it without a refusal or a warning.
func TestProtocol_readByADataSourceIsNotManaged(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, acctest.WhereLimits(driver.Limits.SingleSnapshot),
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			p, taken := prototest.Start(t, s, nil), s.Inventory()[c.Name].Snapshots[0]
			id := c.FormatID(c.Limits.SnapshotID, driver.Ref{SourceID: taken.SourceID, ObjectID: taken.SnapshotID})
			_, diags := p.ReadData(t, "cloudsnap_snapshot", prototest.Values{"cloud": c.Name, "id": id})
			diags.MustSucceed(t)
			config := prototest.Values{"cloud": c.Name, "source_id": taken.SourceID}
			p.Resource(t, snapshotType).Plan(t, config).MustFail(t, "A snapshot exists already", taken.SnapshotID)
			config["replace_existing"] = true
			p.Resource(t, snapshotType).Plan(t, config).MustWarn(t, "Snapshot will be overwritten", taken.SnapshotID)
		})
}
