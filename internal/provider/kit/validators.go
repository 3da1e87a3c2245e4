package kit

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Regexp accepts regular expressions.
func Regexp() validator.String {
	return stringCheck{accepts: "must be a regular expression in RE2 syntax", check: func(s string) error {
		_, err := regexp.Compile(s)
		return err
	}}
}

// NotEmpty accepts every text but the empty one.
func NotEmpty() validator.String {
	return stringCheck{accepts: "must not be empty", check: func(s string) error {
		if s == "" {
			return errors.New("leave it out instead")
		}
		return nil
	}}
}

// Word accepts one of a few words, and suggests one where the value is nearly one.
func Word(words ...string) validator.String {
	return stringCheck{accepts: "must be " + orList(words), check: func(s string) error {
		if slices.Contains(words, s) {
			return nil
		}
		return fmt.Errorf("%s is not one of them%s", driver.Quote(s), suggest(s, words))
	}}
}

// orList joins words in double quotes: "a", "b" or "c".
func orList(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, w := range words {
		quoted = append(quoted, strconv.Quote(w))
	}
	if last := len(quoted) - 1; last > 0 {
		return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	}
	return strings.Join(quoted, "")
}

// suggest is a question for the most similar word. It is empty if none is similar.
func suggest(value string, words []string) string {
	const farthest = 2
	best, nearest := farthest+1, ""
	for _, w := range words {
		if d := levenshtein.Distance(strings.ToLower(value), w, nil); d < best {
			best, nearest = d, w
		}
	}
	if nearest == "" || len(value) <= best {
		return ""
	}
	return fmt.Sprintf(". Did you mean %q?", nearest)
}

// Duration accepts durations of at least shortest.
func Duration(shortest time.Duration) validator.String {
	return stringCheck{
		accepts: fmt.Sprintf("must be a duration of at least %s, as in \"90s\" or \"72h\"", shortest),
		check: func(s string) error {
			d, err := time.ParseDuration(s)
			if err == nil && d < shortest {
				err = fmt.Errorf("%s is shorter than %s", d, shortest)
			}
			return err
		},
	}
}

// stringCheck is a validator made of a function. Null and unknown always pass.
type stringCheck struct {
	accepts string
	check   func(string) error
}

// Description describes what the validator accepts.
func (v stringCheck) Description(context.Context) string { return v.accepts }

// MarkdownDescription describes what the validator accepts.
func (v stringCheck) MarkdownDescription(context.Context) string { return v.accepts }

// ValidateString runs the check.
func (v stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(
			req.Path,
			"Invalid value",
			visibleLines(fmt.Sprintf("The attribute %s: %s", v.accepts, stop(err.Error()))),
		)
	}
}

// stop ends a sentence.
func stop(s string) string {
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
