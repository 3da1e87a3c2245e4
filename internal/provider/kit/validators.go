package kit

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Regexp accepts regular expressions.
func Regexp() validator.String {
	return stringCheck{accepts: "must be a regular expression in RE2 syntax", check: func(s string) error {
		_, err := regexp.Compile(s)
		return err
	}}
}

// Duration accepts durations of at least shortest.
func Duration(shortest time.Duration) validator.String {
	return stringCheck{accepts: fmt.Sprintf("must be a duration of at least %s, as in \"90s\" or \"72h\"", shortest), check: func(s string) error {
		d, err := time.ParseDuration(s)
		if err == nil && d < shortest {
			err = fmt.Errorf("%s is shorter than %s", d, shortest)
		}
		return err
	}}
}

// stringCheck is a validator made of a function. Null and unknown always pass.
type stringCheck struct {
	accepts string
	check   func(string) error
}

// Description says what the validator accepts.
func (v stringCheck) Description(context.Context) string { return v.accepts }

// MarkdownDescription says what the validator accepts.
func (v stringCheck) MarkdownDescription(context.Context) string { return v.accepts }

// ValidateString runs the check.
func (v stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("The attribute %s: %v.", v.accepts, err))
	}
}
