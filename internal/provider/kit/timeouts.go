package kit

import (
	"context"
	"fmt"
	"time"

	datasourcetimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	ephemeraltimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Timeouts is the attribute timeouts of a resource. Its package accepts every duration; this refuses what is not
// positive.
func Timeouts(ctx context.Context, opts timeouts.Opts) schema.Attribute {
	object, _ := timeouts.Attributes(ctx, opts).(schema.SingleNestedAttribute)
	for name, a := range object.Attributes {
		if text, ok := a.(schema.StringAttribute); ok {
			text.Validators = []validator.String{positiveDuration()}
			object.Attributes[name] = text
		}
	}
	return object
}

// DataSourceTimeouts is Timeouts of a data source.
func DataSourceTimeouts(ctx context.Context) datasourceschema.Attribute {
	opts := datasourcetimeouts.Opts{ReadDescription: "Maximum duration of the read, as in `30s`. Defaults to `5m`."}
	object, _ := datasourcetimeouts.AttributesWithOpts(ctx, opts).(datasourceschema.SingleNestedAttribute)
	for name, a := range object.Attributes {
		if text, ok := a.(datasourceschema.StringAttribute); ok {
			text.Validators = []validator.String{positiveDuration()}
			object.Attributes[name] = text
		}
	}
	return object
}

// EphemeralTimeouts is Timeouts of an ephemeral resource.
func EphemeralTimeouts(ctx context.Context, opts ephemeraltimeouts.Opts) ephemeralschema.Attribute {
	object, _ := ephemeraltimeouts.AttributesWithOpts(ctx, opts).(ephemeralschema.SingleNestedAttribute)
	for name, a := range object.Attributes {
		if text, ok := a.(ephemeralschema.StringAttribute); ok {
			text.Validators = []validator.String{positiveDuration()}
			object.Attributes[name] = text
		}
	}
	return object
}

// positiveDuration accepts durations above zero.
func positiveDuration() validator.String {
	return stringCheck{accepts: `must be a positive duration with a unit, as in "90m"`, check: func(s string) error {
		d, err := time.ParseDuration(s)
		if err == nil && d <= 0 {
			err = fmt.Errorf("%q is not positive", s)
		}
		return err
	}}
}

// Timeout derives the context of an operation: duration is the method of the model's timeouts attribute, as in
// m.Timeouts.Create.
func Timeout(
	ctx context.Context,
	duration func(context.Context, time.Duration) (time.Duration, diag.Diagnostics),
	fallback time.Duration,
	diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	limit, d := duration(ctx, fallback)
	diags.Append(d...)
	return context.WithTimeout(ctx, limit)
}
