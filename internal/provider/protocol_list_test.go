package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// eachListed runs a test for every type that can be listed, with an object of the type, at every cloud that has it.
func eachListed(
	t *testing.T,
	test func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, p *prototest.Provider, r *prototest.Resource),
) {
	t.Helper()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		if o.typeName == exportType {
			return
		}
		p := prototest.Start(t, s, nil)
		r := p.Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, o.config(t, s, c))).MustSucceed(t)
		test(t, s, c, o, p, r)
	})
}

// within is a configuration of a listing, in the location of the test's sources.
func within(c acctest.Case, more prototest.Values) prototest.Values {
	config := prototest.Values{"cloud": c.Name}
	if c.Limits.Location.Settable() {
		config["location"] = c.Sources[0].Location
	}
	for name, v := range more {
		config[name] = v
	}
	return config
}

// find returns the result with an identity.
func find(t *testing.T, list []prototest.Listed, identity prototest.Values) prototest.Listed {
	t.Helper()
	for _, one := range list {
		if cmp.Equal(one.Identity, identity) {
			return one
		}
	}
	t.Fatalf("%v is not in %v", identity, list)
	return prototest.Listed{}
}

// A listing finds an object with its identity. The whole resource is what an import reads, and its configuration plans
// nothing after the import.
func TestProtocol_list(t *testing.T) {
	t.Parallel()
	eachListed(t, func(
		t *testing.T, s *acctest.Sandbox, c acctest.Case, o object, p *prototest.Provider, r *prototest.Resource,
	) {
		t.Helper()
		mutations := s.Mutations(c.Name)
		bare, diags := p.ListResources(t, o.typeName, within(c, nil), 0, false)
		diags.MustSucceed(t)
		if one := find(t, bare, r.Identity(t)); one.Resource != nil {
			t.Errorf("the resource was not asked for: %v", one.Resource)
		}
		for range 3 {
			// Some states of the sandbox change with each read, until the object is where it stays.
			for _, one := range bare {
				p.Resource(t, o.typeName).Import(t, "", one.Identity).MustSucceed(t)
			}
		}
		whole, diags := p.ListResources(t, o.typeName, within(c, nil), 0, true)
		diags.MustSucceed(t)
		if len(whole) != len(bare) {
			t.Errorf("%d with the resource, %d without", len(whole), len(bare))
		}
		names := map[string]bool{}
		for i, one := range whole {
			if names[one.DisplayName] || one.DisplayName != bare[i].DisplayName {
				t.Errorf("%q shows two objects, or differs from %q", one.DisplayName, bare[i].DisplayName)
			}
			names[one.DisplayName] = true
			imported := p.Resource(t, o.typeName)
			imported.Import(t, "", one.Identity).MustSucceed(t)
			if diff := cmp.Diff(imported.Values(t), one.Resource); diff != "" {
				t.Errorf("the listing differs from an import (-import +list):\n%s", diff)
			}
			plan := imported.Plan(t, p.Configuration(t, o.typeName, one.Resource))
			if plan.MustSucceed(t); plan.Action != prototest.NoOp {
				t.Errorf("the generated configuration plans %v: %v", plan.Action, plan.Values)
			}
		}
		one := find(t, whole, r.Identity(t))
		name, _ := one.Resource["name"].(string)
		if id, _ := one.Resource[o.id].(string); !strings.Contains(one.DisplayName, name) ||
			(name == "" && !strings.Contains(one.DisplayName, id)) {
			t.Errorf("the display name is %q", one.DisplayName)
		}
		if n := s.Mutations(c.Name); n != mutations {
			t.Errorf("a listing changed something: %d mutations", n-mutations)
		}
	})
}

// Filters narrow a listing, a limit ends it, and a listing without a match is empty.
func TestProtocol_listFilters(t *testing.T) {
	t.Parallel()
	eachListed(t, func(
		t *testing.T, _ *acctest.Sandbox, c acctest.Case, o object, p *prototest.Provider, r *prototest.Resource,
	) {
		t.Helper()
		all, diags := p.ListResources(t, o.typeName, within(c, nil), 0, true)
		diags.MustSucceed(t)
		name, _ := r.Values(t)["name"].(string)
		for what, tc := range map[string]struct {
			filter prototest.Values
			limit  int64
			want   func(v prototest.Values) bool
		}{
			"by name": {prototest.Values{"name_regex": "^" + name + "$"}, 0, func(v prototest.Values) bool {
				got, _ := v["name"].(string)
				return got == name
			}},
			"by state": {prototest.Values{"states": []any{string(o.ready)}}, 0, func(v prototest.Values) bool {
				return v["state"] == string(o.ready)
			}},
			"no match": {prototest.Values{"name_regex": "^no such name$"}, 0, func(prototest.Values) bool { return false }},
			"limit":    {nil, 1, nil},
			"exact":    {nil, int64(len(all)), func(prototest.Values) bool { return true }},
		} {
			got, diags := p.ListResources(t, o.typeName, within(c, tc.filter), tc.limit, false)
			if len(diags) > 0 {
				t.Errorf("%s: %v", what, diags)
			}
			want := 1
			if tc.want != nil {
				want = 0
				for _, one := range all {
					if tc.want(one.Resource) {
						want++
					}
				}
			}
			if len(got) != want {
				t.Errorf("%s: %d results, want %d", what, len(got), want)
			}
		}
		if o.typeName != snapshotType {
			return
		}
		of := prototest.Values{"source_id": c.Sources[0].SourceID}
		some, diags := p.ListResources(t, o.typeName, within(c, of), 0, true)
		diags.MustSucceed(t)
		find(t, some, r.Identity(t))
		for _, one := range some {
			if one.Resource["source_id"] != c.Sources[0].SourceID {
				t.Errorf("a snapshot of another source: %v", one.Resource)
			}
		}
	})
}

// A listing has no URL that may be a secret.
func TestProtocol_listKeepsSecrets(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilityCustomImage, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		r := p.Resource(t, imageType)
		config := imageConfig(t, s, c)
		config["url"], config["url_wo"] = nil, "https://img.example.net/golden.qcow2?signature=canary-0123456789"
		config["url_wo_version"] = 1
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		list, diags := p.ListResources(t, imageType, within(c, nil), 0, true)
		diags.MustSucceed(t)
		one := find(t, list, r.Identity(t))
		if text := fmt.Sprint(list); strings.Contains(text, "canary") || one.Resource["url"] != nil {
			t.Errorf("the URL is in the listing: %s", text)
		}
	})
}

// What a cloud cannot list is refused before a request.
func TestProtocol_listRefuses(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	p := prototest.Start(t, s, nil)
	for _, o := range objects() {
		if o.typeName == exportType {
			continue
		}
		refuse := func(config prototest.Values, parts ...string) {
			t.Helper()
			list, diags := p.ListResources(t, o.typeName, config, 0, false)
			if diags.MustFail(t, parts...); len(list) > 0 {
				t.Errorf("%d results", len(list))
			}
		}
		refuse(prototest.Values{"cloud": "nowhere"}, "Unknown cloud", "This provider supports no cloud \"nowhere\"")
		for _, drv := range acctest.Drivers() {
			d := drv.Descriptor()
			if !driver.Supports(drv, o.capability) {
				refuse(prototest.Values{"cloud": d.Name}, "Cloud does not support this", o.typeName+" is not available at "+d.Title)
				continue
			}
			refuse(prototest.Values{"cloud": d.Name, "name_regex": "("}, "must be a regular expression")
			if !d.Limits.Location.Supported() {
				refuse(prototest.Values{"cloud": d.Name, "location": "x"}, "The location of an object at "+d.Title)
			}
			if o.typeName != volumeType {
				refuse(prototest.Values{"cloud": d.Name, "states": []any{"redy"}}, `Did you mean "ready"?`)
			}
			if o.typeName == snapshotType {
				refuse(prototest.Values{"cloud": d.Name, "source_id": "not/one"}, "must be")
			}
		}
	}
	if n := len(s.Journal()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

// A listing without a zone is of the provider's default zone, and there must be one.
func TestProtocol_listInTheDefaultZone(t *testing.T) {
	t.Parallel()
	zoned := acctest.WhereLimits(func(l driver.Limits) bool { return l.Location.Settable() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, zoned,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			config := prototest.Values{"cloud": c.Name}
			at := seeded(t, s, c)
			settings := prototest.Values{c.Name: prototest.Values{c.Limits.LocationField: at.Location}}
			list, diags := prototest.Start(t, s, settings).ListResources(t, snapshotType, config, 0, true)
			diags.MustSucceed(t)
			if len(list) == 0 || list[0].Resource["location"] != at.Location {
				t.Errorf("got %v, want the snapshots in %s", list, at.Location)
			}
		})
}

// eachPaged runs a test at every cloud that lists the whole account page by page, in a sandbox whose account has a
// number of snapshots.
func eachPaged(t *testing.T, count int, test func(t *testing.T, s *acctest.Sandbox, c acctest.Case)) {
	t.Helper()
	for _, drv := range acctest.Drivers() {
		d := drv.Descriptor()
		if d.Limits.Scope != driver.ScopeAccount {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			s := acctest.Start(t, sandboxtest.WithStateFile(filled(t, d.Name, count)))
			test(t, s, s.Case(t, d.Name))
		})
	}
}

// filled is the state of a new sandbox, with copies of the first snapshot of a cloud until there is a number of them.
func filled(t *testing.T, name string, count int) (file string) {
	t.Helper()
	return acctest.StateFile(t, acctest.Edit{
		Cloud: name, Key: "snapshots", Change: func(list []map[string]any) []map[string]any {
			for n := len(list); n < count; n++ {
				another := maps.Clone(list[0])
				id, _ := another["id"].(string)
				another["id"], another["name"] = fmt.Sprintf("%s%04d", id[:len(id)-4], n+1), fmt.Sprintf("n-%04d", n)
				list = append(list, another)
			}
			return list
		},
	})
}

const pageSize = 100

// Two thousand snapshots take twenty page requests. Each page is read when its first result is needed, and nothing of
// the pages before it stays in memory. It is not parallel, because it measures the memory of the process.
func TestProtocol_listOfThousands(t *testing.T) { //nolint:paralleltest // See above.
	const count = 2000
	eachPaged(t, count, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		s.ClearJournal()
		p := prototest.Start(t, s, nil)
		heap := func() uint64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		listed, before, after := 0, uint64(0), uint64(0)
		diags := p.EachListed(t, snapshotType, within(c, nil), 0, true, func(prototest.Listed) bool {
			listed++
			if listed%pageSize == 1 {
				if pages := len(s.Requests(c.Name)); pages != listed/pageSize+1 {
					t.Fatalf("%d page requests before the result %d", pages, listed)
				}
			}
			switch listed {
			case 2 * pageSize:
				before = heap()
			case count - pageSize:
				after = heap()
			}
			return true
		})
		diags.MustSucceed(t)
		if pages := len(s.Requests(c.Name)); listed != count || pages != count/pageSize {
			t.Errorf("%d results in %d pages", listed, pages)
		}
		// Seventeen pages of results in memory would be several times as much.
		if after > before+2<<20 {
			t.Errorf("the heap grew from %d to %d bytes", before, after)
		}
	})
}

// A listing that ends early, by its limit or because the CLI goes away, reads no further page.
func TestProtocol_listEndsEarly(t *testing.T) {
	t.Parallel()
	eachPaged(t, 2*pageSize+1, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		for limit, pages := range map[int64]int{1: 1, pageSize: 1, pageSize + 1: 2, 3 * pageSize: 3, 0: 3} {
			s.ClearJournal()
			list, diags := p.ListResources(t, snapshotType, within(c, nil), limit, false)
			diags.MustSucceed(t)
			want := 2*pageSize + 1
			if limit > 0 {
				want = min(want, int(limit))
			}
			if len(list) != want || len(s.Requests(c.Name)) != pages {
				t.Errorf("limit %d: %d results in %d pages, want %d in %d",
					limit, len(list), len(s.Requests(c.Name)), want, pages)
			}
		}
		s.ClearJournal()
		p.EachListed(t, snapshotType, within(c, nil), 0, true, func(prototest.Listed) bool { return false }).MustSucceed(t)
		if pages := len(s.Requests(c.Name)); pages != 1 {
			t.Errorf("%d pages after the CLI has gone", pages)
		}
	})
}

// An error on page two comes after the results of page one, once.
func TestProtocol_listFailsOnPageTwo(t *testing.T) {
	t.Parallel()
	eachPaged(t, pageSize+1, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		s.Fault(sandbox.Fault{
			Method: http.MethodGet, From: 2, Do: sandbox.DoStatus, Status: http.StatusForbidden,
			Body: map[string]any{"message": "page two is not yours"},
		})
		list, diags := prototest.Start(t, s, nil).ListResources(t, snapshotType, within(c, nil), 0, true)
		if diags.MustFail(t, "Unable to list snapshots", "page two is not yours"); len(list) != pageSize || len(diags) != 1 {
			t.Errorf("%d results and %d diagnostics, want page one and one error", len(list), len(diags))
		}
	})
}

// Where each source has a listing of its own, an error of one comes after the results of those before it.
func TestProtocol_listFailsAtASource(t *testing.T) {
	t.Parallel()
	bySource := acctest.WhereLimits(func(l driver.Limits) bool { return l.Scope == driver.ScopeSource })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotSources, bySource,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			p := prototest.Start(t, s, nil)
			r := p.Resource(t, snapshotType)
			r.Apply(t, r.Plan(t, snapshotConfig(t, s, c))).MustSucceed(t)
			all, diags := p.ListResources(t, snapshotType, within(c, nil), 0, true)
			diags.MustSucceed(t)
			if len(all) < 2 {
				t.Fatalf("%d snapshots, want several", len(all))
			}
			last := all[len(all)-1].Resource["source_id"]
			s.Fault(sandbox.Fault{
				Method: http.MethodGet, Path: fmt.Sprintf("/%s/", last), Do: sandbox.DoStatus, Status: http.StatusForbidden,
				Body: map[string]any{"message": "this machine is not yours"},
			})
			some, diags := p.ListResources(t, snapshotType, within(c, nil), 0, true)
			diags.MustFail(t, "Unable to list snapshots", "this machine is not yours")
			if diff := cmp.Diff(all[:len(all)-1], some); diff != "" || len(diags) != 1 {
				t.Errorf("%d diagnostics, and the results differ: %s", len(diags), diff)
			}
		})
}

// A listing does not wait for a cloud that asks for a pause of a day.
func TestProtocol_listDoesNotWaitForADay(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		s.Fault(sandbox.Fault{
			Do: sandbox.DoStatus, Status: http.StatusTooManyRequests, Body: map[string]any{"message": "come back tomorrow"},
			Header: sandbox.Header{"Retry-After": {"86400"}},
		})
		_, diags := prototest.Start(t, s, nil).ListResources(t, snapshotType, within(c, nil), 0, false)
		diags.MustFail(t, "Unable to list snapshots")
	})
}

// Ctrl-C ends a listing whose request hangs.
func TestProtocol_listIsInterrupted(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		s.Fault(sandbox.Fault{Method: http.MethodGet, Do: sandbox.DoHang})
		done := make(chan prototest.Diagnostics, 1)
		go func() {
			_, diags := p.ListResources(t, snapshotType, within(c, nil), 0, false)
			done <- diags
		}()
		acctest.Eventually(t, "a request hangs", func() bool { return s.Faults()[0].Count > 0 })
		p.EndsOnStop(t, func() { (<-done).MustFail(t, "Unable to list snapshots") })
	})
}
