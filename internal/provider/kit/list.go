package kit

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// ListFilter are the filters that every list data source has.
type ListFilter struct {
	NameRegex  types.String `tfsdk:"name_regex"`
	MostRecent types.Bool   `tfsdk:"most_recent"`
}

// NameRegexAttribute is the filter name_regex of a list data source. noun is the kind of object.
func NameRegexAttribute(noun string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: nameRegexText(noun),
		Optional:            true,
		Validators:          []validator.String{Regexp()},
	}
}

func nameRegexText(noun string) string {
	return "Only " + noun + "s whose name matches this regular expression, in " +
		"[RE2 syntax](https://github.com/google/re2/wiki/Syntax)."
}

// StatesText describes the filter states. words are the states that it accepts; none means any.
func StatesText(noun string, words []string) string {
	text := "Only " + noun + "s in one of these states, as in the attribute `state`"
	if len(words) > 0 {
		text += ": `" + strings.Join(words, "`, `") + "`"
	}
	return text + "."
}

// Words are states as the values of a filter.
func Words(states ...driver.State) []string {
	out := make([]string, 0, len(states))
	for _, s := range states {
		out = append(out, string(s))
	}
	return out
}

// CheckFilters adds what a cloud does not accept in the filters of a listing, and reports whether there was nothing: a
// location that it does not have, and a value that cannot be the ID of a source.
func (b *Base) CheckFilters(config tfsdk.Config, diags *diag.Diagnostics) bool {
	values := objectValues(config.Raw)
	d, ok := b.Descriptor(valueOf(values["cloud"]).Text)
	if !ok {
		return true
	}
	var found []rules.Violation
	if v, ok := rules.CheckSourceID(d, valueOf(values["source_id"])); !ok {
		found = append(found, v)
	}
	// Without a location in the configuration, the provider's default applies.
	if location := valueOf(values["location"]); location.Set {
		if v, ok := rules.CheckLocationFilter(d, location); !ok {
			found = append(found, v)
		}
	}
	AddViolations(found, diags)
	return len(found) == 0
}

// MostRecentAttribute is the filter most_recent of a list data source.
func MostRecentAttribute() schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Only the newest of the matches. It is an error if there is none.",
		Optional:            true,
	}
}

// OneMostRecentAttribute is the filter most_recent of a data source of one object.
func OneMostRecentAttribute() schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Whether to use the newest if several match. Defaults to `false`: several matches are an error.",
		Optional:            true,
	}
}

// CheckIDOrFilters adds an error for each filter beside an `id` in the configuration of a data source of one object.
func CheckIDOrFilters(config tfsdk.Config, diags *diag.Diagnostics) {
	values := objectValues(config.Raw)
	if values["id"].IsNull() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name == "cloud" || name == "id" || name == "timeouts" || values[name].IsNull() {
			continue
		}
		AddViolations([]rules.Violation{{
			Attribute: name,
			Message:   fmt.Sprintf("id selects the object, and %s is a filter", name),
			Hint:      fmt.Sprintf("Remove %s or id from the configuration.", name),
		}}, diags)
	}
}

// ByID reads an object by its import ID. get reads one by its address. It is false after an error.
func ByID[T any](
	ctx context.Context, b *DataSourceBase, cl *cloud.Cloud, id string,
	get func(context.Context, driver.Ref) (T, error), diags *diag.Diagnostics,
) (object T, ok bool) {
	ref, err := cl.ParseID(b.Noun.IDParts(cl.Limits), id)
	if err != nil {
		diags.AddAttributeError(path.Root("id"), "Invalid import ID", visibleLines(capital(err.Error())+"."))
		return object, false
	}
	if object, err = get(ctx, ref); err != nil {
		AddError(diags, err)
	}
	return object, err == nil
}

// ListLocation is the location of a listing: the configured one, else the provider's default.
func (b *DataSourceBase) ListLocation(
	cl *cloud.Cloud, configured types.String, diags *diag.Diagnostics,
) (location string, ok bool) {
	return b.locationOrDefault(cl, configured, diags)
}

// locationOrDefault is the configured location, else the provider's default. It is false after an error: a cloud with
// zones has neither.
func (b *Base) locationOrDefault(
	cl *cloud.Cloud, configured types.String, diags *diag.Diagnostics,
) (location string, ok bool) {
	if !configured.IsNull() {
		return configured.ValueString(), true
	}
	location = b.Clouds.Setting(cl.Name, cl.Limits.LocationField)
	if v, ok := rules.CheckLocation(cl.Descriptor, Value(StringOrNull(location))); !ok {
		AddViolations([]rules.Violation{v}, diags)
		return "", false
	}
	return location, true
}

// Filter applies the filters to a list that is sorted by time, the newest first. name returns the name of an element.
// It adds an error if most_recent is set and nothing matches.
func Filter[T any](
	list []T, f ListFilter, name func(T) string, noun string, cl *cloud.Cloud, diags *diag.Diagnostics,
) (matches []T, ok bool) {
	list = MatchName(list, f.NameRegex, name)
	if !f.MostRecent.ValueBool() {
		return list, true
	}
	if len(list) == 0 {
		diags.AddAttributeError(path.Root("most_recent"), "Unable to find "+rules.WithArticle(noun), fmt.Sprintf(
			"most_recent needs at least one match, and no %s at %s matches the filters.\n\n"+
				"Widen the filters, or remove most_recent to accept an empty list.", noun, cl.Title))
		return nil, false
	}
	return list[:1], true
}

// One is Filter for a data source of one object: no match is an error, and so are several unless most_recent is set. id
// returns the import ID of an element.
func One[T any](
	list []T, f ListFilter, name, id func(T) string, noun string, cl *cloud.Cloud, diags *diag.Diagnostics,
) (match T, ok bool) {
	list = MatchName(list, f.NameRegex, name)
	switch {
	case len(list) == 0:
		diags.AddError("Unable to find "+rules.WithArticle(noun), fmt.Sprintf(
			"No %s at %s matches the filters.\n\nWiden the filters, or create the %s first.", noun, cl.Title, noun))
		return match, false
	case len(list) > 1 && !f.MostRecent.ValueBool():
		const most = 5
		lines := ""
		for _, v := range list[:min(len(list), most)] {
			lines += fmt.Sprintf("\n  - %s %q", Visible(id(v)), Visible(name(v)))
		}
		if len(list) > most {
			lines += "\n  - …"
		}
		diags.AddError("Unable to select "+rules.WithArticle(noun), fmt.Sprintf(
			"%d %ss at %s match the filters, the newest first:%s\n\n"+
				"Narrow the filters, set id, or set most_recent = true to use the newest.", len(list), noun, cl.Title, lines))
		return match, false
	}
	return list[0], true
}

// MatchName removes the elements whose name does not match an expression. A null or empty expression matches all. The
// validator of NameRegexAttribute has compiled it before.
func MatchName[T any](list []T, expression types.String, name func(T) string) []T {
	re := regexp.MustCompile(expression.ValueString())
	return slices.DeleteFunc(list, func(v T) bool { return !re.MatchString(name(v)) })
}
