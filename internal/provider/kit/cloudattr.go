package kit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CloudValidator accepts the clouds that have a capability. entity is the Terraform type that needs it.
func CloudValidator(drivers []driver.Driver, capability driver.Capability, entity string) validator.String {
	return cloudValidator{drivers: drivers, capability: capability, entity: entity}
}

// Names are the names of all clouds, in the order of the list.
func Names(drivers []driver.Driver) []string {
	names := make([]string, 0, len(drivers))
	for _, d := range drivers {
		names = append(names, d.Descriptor().Name)
	}
	return names
}

type cloudValidator struct {
	drivers    []driver.Driver
	capability driver.Capability
	entity     string
}

// Description describes what the validator accepts.
func (v cloudValidator) Description(context.Context) string {
	return "must be one of: " + strings.Join(driver.SupportedBy(v.drivers, v.capability), ", ")
}

// MarkdownDescription describes what the validator accepts.
func (v cloudValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString rejects a cloud that does not exist, and one that does not support the entity.
func (v cloudValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	name, able := req.ConfigValue.ValueString(), driver.SupportedBy(v.drivers, v.capability)
	switch {
	case slices.Contains(able, name):
	case slices.Contains(Names(v.drivers), name):
		resp.Diagnostics.AddAttributeError(req.Path, "Cloud does not support this",
			fmt.Sprintf("%s is not available at %s.\n\nIt works at: %s.", v.entity, v.title(name), strings.Join(able, ", ")))
	default:
		resp.Diagnostics.AddAttributeError(req.Path, "Unknown cloud",
			unknownCloud(v.drivers, name)+fmt.Sprintf("\n\n%s works at: %s.", v.entity, strings.Join(able, ", ")))
	}
}

// unknownCloud is the error of a name that no cloud has, with a suggestion of a similar one.
func unknownCloud(drivers []driver.Driver, name string) string {
	return stop("This provider supports no cloud " + driver.Quote(name) + suggest(name, Names(drivers)))
}

func (v cloudValidator) title(name string) string {
	i := slices.IndexFunc(v.drivers, func(d driver.Driver) bool { return d.Descriptor().Name == name })
	return v.drivers[i].Descriptor().Title
}
