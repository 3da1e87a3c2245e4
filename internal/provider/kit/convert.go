package kit

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// StringOrNull returns null for an empty text.
func StringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Description is the description of an image or a template, and empty if the cloud reports none. While the cloud
// creates the object, it may not report one yet: then the prior description stays, and an unknown one becomes null.
func Description(have types.String, i driver.Image) types.String {
	switch {
	case i.State != driver.StateCreating || i.Description != "":
		return types.StringValue(i.Description)
	case have.IsUnknown():
		return types.StringNull()
	default:
		return have
	}
}

// TimeOrNull returns null for the zero time, and any other in UTC.
func TimeOrNull(t time.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.UTC())
}

// Time reads a time of the state; null and unknown are the zero time.
func Time(v timetypes.RFC3339) time.Time {
	if v.IsNull() || v.IsUnknown() {
		return time.Time{}
	}
	t, _ := v.ValueRFC3339Time() // The type accepts nothing else.
	return t
}

// Value is a string for the rules.
func Value(v types.String) rules.Value {
	return rules.Value{Set: !v.IsNull(), Unknown: v.IsUnknown(), Text: v.ValueString()}
}

// Changed returns the new value if it is known and differs from the old one, else nil: what a request need not send.
func Changed(from, to types.String) *string {
	if to.IsUnknown() || to.IsNull() || to.Equal(from) {
		return nil
	}
	s := to.ValueString()
	return &s
}
