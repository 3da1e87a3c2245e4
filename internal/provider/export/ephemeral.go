package export

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const (
	defaultOpen = 2 * time.Hour
	// leastValidity is how long a URL must still work to be returned again: the download must begin in that time.
	leastValidity = 15 * time.Minute
)

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*Ephemeral)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*Ephemeral)(nil)
)

// Ephemeral is the ephemeral cloudsnap_snapshot_export.
type Ephemeral struct{ kit.EphemeralBase }

// NewEphemeral returns the ephemeral resource for a list of clouds.
func NewEphemeral(drivers []driver.Driver) ephemeral.EphemeralResource {
	return &Ephemeral{kit.NewEphemeralBase(noun, drivers)}
}

// ephemeralModel is the ephemeral cloudsnap_snapshot_export, in the order of its schema.
type ephemeralModel struct {
	Cloud        types.String   `tfsdk:"cloud"`
	Location     types.String   `tfsdk:"location"`
	SnapshotID   types.String   `tfsdk:"snapshot_id"`
	Reexport     types.Bool     `tfsdk:"reexport"`
	PresignedURL types.String   `tfsdk:"presigned_url"`
	MD5Sum       types.String   `tfsdk:"md5sum"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// Metadata sets the name of the type.
func (e *Ephemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_snapshot_export"
}

// Schema describes the ephemeral resource.
func (e *Ephemeral) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The URL at which a snapshot's disk can be downloaded as a QCOW2 file. The URL gives access " +
			"without credentials, so it is in no state, plan or log.\n\nTerraform opens an ephemeral resource in **every plan " +
			"and every apply**, as soon as `snapshot_id` is known. If the snapshot is not exported, opening exports it, which " +
			"takes longer for a larger disk. If it is exported and its URL states that it works for another 15 minutes, " +
			"opening returns that URL and sends one request. Otherwise opening exports the snapshot again, which creates a " +
			"new URL. Use `count` to open it only while something needs the file.",
		Attributes: map[string]schema.Attribute{
			"cloud": e.CloudAttribute(),
			"location": schema.StringAttribute{
				MarkdownDescription: locationText + noun.Texts(e.Drivers).Location(), Optional: true, Computed: true,
			},
			"snapshot_id": schema.StringAttribute{MarkdownDescription: snapshotText, Required: true},
			"reexport": schema.BoolAttribute{
				MarkdownDescription: "Whether every opening, in each plan and each apply, exports the snapshot again. Defaults " +
					"to `false`.",
				Optional: true,
			},
			"presigned_url": schema.StringAttribute{
				MarkdownDescription: "The URL of the file, which needs no credentials. The cloud does not document how long it " +
					"works: use it at once.",
				Computed:  true,
				Sensitive: true,
			},
			"md5sum": schema.StringAttribute{MarkdownDescription: md5Text, Computed: true},
			"timeouts": kit.EphemeralTimeouts(ctx, timeouts.Opts{
				OpenDescription: "Maximum duration of the opening, with the wait for the snapshot, as in `90m`. Defaults to `2h`.",
			}),
		},
	}
}

// ValidateConfig adds what the cloud does not accept, as far as the configuration alone shows.
func (e *Ephemeral) ValidateConfig(
	_ context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	e.CheckConfig(req.Config, req.Config.Raw, &resp.Diagnostics)
}

// Open returns the URL of an export, and exports the snapshot if there is no usable one.
func (e *Ephemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	config, ok := kit.Decode[ephemeralModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	cl, ok := e.Cloud(config.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	if config.Location.IsNull() {
		config.Location = e.DefaultLocation(cl.Descriptor, config.Location)
	}
	if p, ok := rules.CheckLocation(cl.Descriptor, kit.Value(config.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Open, defaultOpen, &resp.Diagnostics)
	defer cancel()

	found, err := obtain(limited, cl, refOf(config.Location, config.SnapshotID), config.Reexport.ValueBool())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	config.PresignedURL = types.StringValue(found.URL)
	config.MD5Sum = kit.StringOrNull(found.MD5)
	resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
}

// obtain returns an export whose URL works for long enough. It exports the snapshot if there is none, or again is set.
func obtain(ctx context.Context, cl *cloud.Cloud, ref driver.Ref, again bool) (driver.Export, error) {
	if !again {
		if found, ok, err := usable(ctx, cl, ref); ok || err != nil {
			return found, err
		}
	}
	release, waited, err := cl.LockSnapshotSource(ctx, ref)
	if err != nil {
		return driver.Export{}, err
	}
	defer release()
	if waited && !again {
		// The operation that held the lock may have been the same export.
		if found, ok, err := usable(ctx, cl, ref); ok || err != nil {
			return found, err
		}
	}
	operation, err := cl.StartExport(ctx, ref)
	if err != nil {
		return driver.Export{}, err
	}
	return cl.FinishExport(ctx, ref, operation)
}

// usable reads the last export, and reports whether its URL works for long enough. The vendor documents no validity, so
// a URL that does not state one counts as expired.
func usable(ctx context.Context, cl *cloud.Cloud, ref driver.Ref) (driver.Export, bool, error) {
	found, err := cl.Export(ctx, ref)
	switch {
	case driver.IsNotFound(err):
		return driver.Export{}, false, nil
	case err != nil:
		return driver.Export{}, false, err
	default:
		return found, found.ValidUntil.Sub(cl.Now()) >= leastValidity, nil
	}
}
