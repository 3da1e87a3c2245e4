package prototest

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planFitsConfig reports what a CLI refuses as an invalid plan.
func (r *Resource) planFitsConfig(t testing.TB, prior tftypes.Value, plan *Plan) {
	t.Helper()
	before, configured, planned := attributes(t, prior), attributes(t, plan.config), attributes(t, plan.next.state)
	for _, a := range r.schema.Block.Attributes {
		want, got := configured[a.Name], planned[a.Name]
		old, exists := before[a.Name]
		switch {
		case a.WriteOnly:
			want = tftypes.NewValue(a.ValueType(), nil)
		case want.IsNull() && a.Computed, exists && got.Equal(old) && a.Computed:
			continue
		}
		if !got.Equal(want) {
			t.Errorf("%s.%s: the plan has %s, and the configuration %s", r.typeName, a.Name, got, want)
		}
	}
}

// resultFitsPlan reports what a CLI refuses as an inconsistent result or final plan: every value that was planned must
// be there.
func (r *Resource) resultFitsPlan(t testing.TB, what string, planned, result tftypes.Value) {
	t.Helper()
	got := attributes(t, result)
	for name, want := range attributes(t, planned) {
		if fits := want.IsFullyKnown() && want.Equal(got[name]); !fits && !correlates(t, want, got[name]) {
			t.Errorf("%s.%s: %s has %s, and the plan %s", r.typeName, name, what, got[name], want)
		}
	}
}

// correlates reports whether a value that is partly unknown fits a planned one. In a set, every planned element that is
// known must be there. Others are there only if a planned element is unknown.
func correlates(t testing.TB, planned, got tftypes.Value) bool {
	t.Helper()
	if planned.IsFullyKnown() || !planned.IsKnown() || !planned.Type().Is(tftypes.Set{}) || !got.IsKnown() {
		return !planned.IsFullyKnown()
	}
	elements := as[[]tftypes.Value](t, got)
	for _, want := range as[[]tftypes.Value](t, planned) {
		if want.IsFullyKnown() && !slices.ContainsFunc(elements, want.Equal) {
			return false
		}
	}
	return true
}
