package kit

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// ListFilter are the filters that every list data source has.
type ListFilter struct {
	NameRegex  types.String `tfsdk:"name_regex"`
	MostRecent types.Bool   `tfsdk:"most_recent"`
}

// ListFilterAttributes are the attributes of ListFilter. noun is the kind of object.
func ListFilterAttributes(noun string) (nameRegex schema.StringAttribute, mostRecent schema.BoolAttribute) {
	return schema.StringAttribute{
			MarkdownDescription: "Only " + noun + "s whose name matches this regular expression, in " +
				"[RE2 syntax](https://github.com/google/re2/wiki/Syntax).",
			Optional:   true,
			Validators: []validator.String{Regexp()},
		}, schema.BoolAttribute{
			MarkdownDescription: "Only the newest of the matches. It is an error if there is none.",
			Optional:            true,
		}
}

// ListLocation is the location of a listing: the configured one, else the provider's default.
func (b *DataSourceBase) ListLocation(
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
// An error is added if most_recent is set and nothing matches.
func Filter[T any](
	list []T, f ListFilter, name func(T) string, noun string, cl *cloud.Cloud, diags *diag.Diagnostics,
) (matches []T, ok bool) {
	// The validator has compiled the expression before. An empty one matches everything.
	re := regexp.MustCompile(f.NameRegex.ValueString())
	list = slices.DeleteFunc(list, func(v T) bool { return !re.MatchString(name(v)) })
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
