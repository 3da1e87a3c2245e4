package matrix

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// absent are the operations that the provider does not have.
func absent() []string { return []string{restoreType + " " + string(imports)} }

// Every type of the provider's schema has its operations, at every cloud that supports it, and every operation has a
// type. A function has none, because it sends nothing.
func TestOperations_coverTheSchema(t *testing.T) {
	t.Parallel()
	schema := prototest.Start(t, acctest.Start(t), nil).Schema()
	var want []string
	add := func(typeName string, verbs ...verb) {
		for _, v := range verbs {
			want = append(want, typeName+" "+string(v))
		}
	}
	for typeName := range schema.ResourceSchemas {
		add(typeName, create, read, update, replace, destroy, imports)
	}
	for typeName := range schema.ActionSchemas {
		add(typeName, invoke)
	}
	for typeName := range schema.ListResourceSchemas {
		add(typeName, list)
	}
	for typeName := range schema.DataSourceSchemas {
		add(typeName, data)
	}
	for typeName := range schema.EphemeralResourceSchemas {
		add(typeName, opens)
	}
	want = slices.DeleteFunc(want, func(name string) bool { return slices.Contains(absent(), name) })
	var have []string
	for _, o := range operations() {
		if o.verb != rotate {
			have = append(have, o.typeName+" "+string(o.verb))
		}
	}
	slices.Sort(want)
	slices.Sort(have)
	if have = slices.Compact(have); !slices.Equal(have, want) {
		t.Errorf("the matrix has the operations\n%s\nand the provider\n%s",
			strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

// Every capability of a cloud has an operation.
func TestOperations_coverTheCapabilities(t *testing.T) {
	t.Parallel()
	for _, capability := range driver.AllCapabilities() {
		if !slices.ContainsFunc(operations(), func(o operation) bool { return o.capability == capability }) {
			t.Errorf("no operation needs the capability %s", capability)
		}
	}
}

// Every operation that creates objects has a rival.
func TestOperations_haveRivals(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		creates := o.makes > 0 || o.verb == create && o.ids != nil && len(o.ids(prototest.Values{
			"snapshot_id": "1", "image_id": "1", "template_id": "1", "volume_id": "1",
			"snapshots": []any{prototest.Values{"snapshot_id": "1"}},
		})) > 0
		if creates && rivals()[o.typeName] == "" {
			t.Errorf("%s has no rival", o.name())
		}
	}
}

// Where a cloud has pages, the operations that list meet a second one.
func TestOperations_meetTheSecondPage(t *testing.T) {
	t.Parallel()
	for _, d := range acctest.Drivers() {
		paged, further := false, false
		for _, o := range operations() {
			if o.typeName != snapshotType || o.verb != list && o.verb != replace {
				continue
			}
			for _, failure := range inBubble(t, func(r *recorder) {
				w := newWorld(r, d, o, 0)
				if w.goal(); o.answers() {
					w.strike(cell{})
					_, diags := w.ask()
					diags.MustSucceed(r)
				} else {
					w.apply(cell{})
				}
				queries := map[string]string{}
				for _, e := range w.box.Requests(w.c.Name) {
					if e.Method == http.MethodGet && e.Query != "" {
						before, again := queries[e.Path]
						paged, further = true, further || again && before != e.Query
						queries[e.Path] = e.Query
					}
				}
			}) {
				t.Error(failure)
			}
		}
		if paged != further {
			t.Errorf("%s has pages, and no listing has a second one", d.Descriptor().Name)
		}
	}
}
