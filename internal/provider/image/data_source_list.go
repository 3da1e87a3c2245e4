package image

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ datasource.DataSourceWithConfigure      = (*DataSourceList)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSourceList)(nil)
)

// DataSourceList is the data source cloudsnap_images.
type DataSourceList struct{ kit.DataSourceBase }

// NewDataSourceList makes the data source for a list of clouds.
func NewDataSourceList(drivers []driver.Driver) datasource.DataSource {
	return &DataSourceList{kit.DataSourceBase{Base: kit.Base{Drivers: drivers}}}
}

// listModel is cloudsnap_images, in the order of its schema.
type listModel struct {
	Cloud         types.String    `tfsdk:"cloud"`
	Location      types.String    `tfsdk:"location"`
	Name          types.String    `tfsdk:"name"`
	StandardImage types.Bool      `tfsdk:"standard_image"`
	Search        types.String    `tfsdk:"search"`
	Visibility    types.String    `tfsdk:"visibility"`
	Family        types.String    `tfsdk:"family"`
	NameRegex     types.String    `tfsdk:"name_regex"`
	MostRecent    types.Bool      `tfsdk:"most_recent"`
	Images        []listItemModel `tfsdk:"images"`
	Timeouts      timeouts.Value  `tfsdk:"timeouts"`
}

// listItemModel is one image of the list.
type listItemModel struct {
	Location        types.String      `tfsdk:"location"`
	Name            types.String      `tfsdk:"name"`
	Description     types.String      `tfsdk:"description"`
	StandardImage   types.Bool        `tfsdk:"standard_image"`
	OSType          types.String      `tfsdk:"os_type"`
	Version         types.String      `tfsdk:"version"`
	Checksum        types.String      `tfsdk:"checksum"`
	DefaultUser     types.String      `tfsdk:"default_user"`
	BootMode        types.String      `tfsdk:"boot_mode"`
	SSHKeyEnabled   types.Bool        `tfsdk:"ssh_key_enabled"`
	PasswordEnabled types.Bool        `tfsdk:"password_enabled"`
	ID              types.String      `tfsdk:"id"`
	ImageID         types.String      `tfsdk:"image_id"`
	State           types.String      `tfsdk:"state"`
	SizeMB          types.Float64     `tfsdk:"size_mb"`
	UploadedSizeMB  types.Float64     `tfsdk:"uploaded_size_mb"`
	SizeBytes       types.Int64       `tfsdk:"size_bytes"`
	Format          types.String      `tfsdk:"format"`
	ErrorMessage    types.String      `tfsdk:"error_message"`
	CreatedAt       timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt  timetypes.RFC3339 `tfsdk:"last_modified_at"`
	Family          types.String      `tfsdk:"family"`
	Visibility      types.String      `tfsdk:"visibility"`
	Build           types.String      `tfsdk:"build"`
	Maintainer      types.String      `tfsdk:"maintainer"`
	Consistent      types.Bool        `tfsdk:"application_consistent_snapshot_enabled"`
	Zones           types.List        `tfsdk:"zones"`
	Tags            types.List        `tfsdk:"tags"`
}

// Metadata names the type.
func (l *DataSourceList) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

// ValidateConfig refuses a location and filters that a cloud does not know.
func (l *DataSourceList) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	config, ok := kit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	d, found := l.Descriptor(config.Cloud.ValueString())
	if !found || !slices.Contains(driver.SupportedBy(l.Drivers, driver.CapabilityImages), d.Name) {
		return
	}
	kit.AddViolations(rules.CheckImageFilterFields(d, config.queries()...), &resp.Diagnostics)
	if config.Location.IsNull() {
		return
	}
	if p, ok := rules.CheckLocation(d, kit.OptionalString(config.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
	}
}

// queries are the filters that are set. What is unknown may turn out to be null.
func (m listModel) queries() []driver.ImageFilterField {
	var out []driver.ImageFilterField
	for _, f := range []struct {
		query driver.ImageFilterField
		value attr.Value
	}{
		{driver.ImageFilterName, m.Name},
		{driver.ImageFilterStandard, m.StandardImage},
		{driver.ImageFilterSearch, m.Search},
		{driver.ImageFilterVisibility, m.Visibility},
		{driver.ImageFilterFamily, m.Family},
	} {
		if !f.value.IsNull() && !f.value.IsUnknown() {
			out = append(out, f.query)
		}
	}
	return out
}

// toFilter is what to ask for.
func (m listModel) toFilter(location types.String) driver.ImageFilter {
	return driver.ImageFilter{
		Location:   location.ValueString(),
		Name:       m.Name.ValueString(),
		Standard:   m.StandardImage.ValueBoolPointer(),
		Search:     m.Search.ValueString(),
		Visibility: m.Visibility.ValueString(),
		Family:     m.Family.ValueString(),
	}
}

// Read lists and filters.
func (l *DataSourceList) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, ok := kit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	cl, ok := l.Cloud(config.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	location := config.Location
	if location.IsNull() && cl.Limits.Location == driver.LocationChosen {
		location = kit.StringOrNull(l.Clouds.Setting(cl.Name, cl.Limits.LocationField))
		if p, ok := rules.CheckLocation(cl.Descriptor, kit.OptionalString(location)); !ok {
			kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
			return
		}
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	list, err := cl.Images(limited, config.toFilter(location))
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	// The validator has tried the expression before; an empty one matches everything.
	re := regexp.MustCompile(config.NameRegex.ValueString())
	list = slices.DeleteFunc(list, func(i driver.Image) bool { return !re.MatchString(i.Name) })
	if config.MostRecent.ValueBool() {
		if len(list) == 0 {
			resp.Diagnostics.AddAttributeError(path.Root("most_recent"), "No image matches",
				fmt.Sprintf("most_recent needs at least one match, and no image at %s fits the filters.\n\nWiden the filters, or leave most_recent out to accept an empty list.", cl.Title))
			return
		}
		list = list[:1]
	}
	config.Images = make([]listItemModel, 0, len(list))
	for _, i := range list {
		config.Images = append(config.Images, itemFromImage(cl.Descriptor, i))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// itemFromImage has the fields of the resource, and takes its conversions from there. It leaves out where an image
// comes from: that may be a secret.
func itemFromImage(d driver.Descriptor, i driver.Image) listItemModel {
	i.ErrorMessage = redact(i.ErrorMessage, i.URL)
	var m resourceModel
	m.Name = types.StringUnknown()
	m.fromImage(d, i)
	return listItemModel{
		Location:        m.Location,
		Name:            m.Name,
		Description:     kit.StringOrNull(i.Description),
		StandardImage:   types.BoolValue(i.Standard),
		OSType:          m.OSType,
		Version:         m.Version,
		Checksum:        m.Checksum,
		DefaultUser:     m.DefaultUser,
		BootMode:        m.BootMode,
		SSHKeyEnabled:   m.SSHKeyEnabled,
		PasswordEnabled: m.PasswordEnabled,
		ID:              m.ID,
		ImageID:         m.ImageID,
		State:           m.State,
		SizeMB:          m.SizeMB,
		UploadedSizeMB:  m.UploadedSizeMB,
		SizeBytes:       m.SizeBytes,
		Format:          m.Format,
		ErrorMessage:    m.ErrorMessage,
		CreatedAt:       m.CreatedAt,
		LastModifiedAt:  m.LastModifiedAt,
		Family:          m.Family,
		Visibility:      m.Visibility,
		Build:           m.Build,
		Maintainer:      m.Maintainer,
		Consistent:      m.ApplicationConsistentSnapshotEnabled,
		Zones:           m.Zones,
		Tags:            listOrNull(i.Tags),
	}
}
