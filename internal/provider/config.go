package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Configure resolves every setting of every cloud: configuration, else environment, else default. A cloud that is not
// configured is an error only when it is used. An error in a block of the configuration is reported at once.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	expiry := duration(ctx, req.Config, attrExpiryWarning, defaultExpiryWarning, &resp.Diagnostics)
	poll := duration(ctx, req.Config, attrPollInterval, defaultPollInterval, &resp.Diagnostics)

	configs := map[string]kit.Config{}
	var written []string
	for _, drv := range p.drivers {
		d := drv.Descriptor()
		var block types.Object
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(d.Name), &block)...)
		config := p.resolve(d, block, &resp.Diagnostics)
		config.Settings.UserAgent = "terraform-provider-cloudsnap/" + p.version
		// A pause before a repetition need not be longer than the pause that polling may make.
		config.Settings.RetryWait = min(time.Second, poll)
		config.Settings.Debug, config.Settings.Info = tflog.Debug, tflog.Info
		configs[d.Name] = config
		if !block.IsNull() && !config.Unknown {
			written = append(written, d.Name)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	clouds := kit.NewClouds(p.drivers, configs, cloud.Options{PollInterval: poll}, expiry)
	for _, name := range written {
		var e *driver.Error
		if _, err := clouds.Open(name); errors.As(err, &e) && (e.Err != nil || configs[name].Refused != nil) {
			kit.AddError(&resp.Diagnostics, err, path.Root(name))
		}
	}
	resp.ResourceData = clouds
	resp.DataSourceData = clouds
	resp.EphemeralResourceData = clouds
	resp.ActionData = clouds
	resp.ListResourceData = clouds
}

// resolve finds the settings of one cloud. An unknown block or value makes the whole configuration unknown. A value
// that no request can carry is an error at its attribute. One from the environment is an error when the cloud is used,
// because a variable may be there for another tool.
func (p *Provider) resolve(d driver.Descriptor, block types.Object, diags *diag.Diagnostics) kit.Config {
	config := kit.Config{Settings: driver.Settings{Values: map[string]string{}}, Unknown: block.IsUnknown()}
	written := block.Attributes()
	for _, f := range d.Fields {
		value, variable := f.Default, ""
		for _, name := range f.Env {
			if v := p.getenv(name); v != "" {
				value, variable = v, name
				break
			}
		}
		if v, ok := written[f.Name].(types.String); ok {
			switch {
			case v.IsUnknown():
				config.Unknown = true
				continue
			case !v.IsNull() && v.ValueString() != "":
				value, variable = v.ValueString(), ""
			}
		}
		switch problem := unsendable(value); {
		case problem == "":
		case variable == "":
			diags.AddAttributeError(
				path.Root(d.Name).AtName(f.Name),
				"Invalid value",
				fmt.Sprintf("The value of %s %s.\n\n%s", f.Name, problem, unsendableHint),
			)
		default:
			config.Refused = &driver.Error{
				Kind: driver.KindMisconfigured, Cloud: d.Name, Op: "configure cloud", Hint: unsendableHint,
				Message: fmt.Sprintf("the value of the environment variable %s %s", variable, problem),
			}
		}
		if value != "" {
			config.Settings.Values[f.Name] = value
		}
	}
	return config
}

const unsendableHint = "A secret that is read from a file often ends with a line break: use trimspace(file(...))."

// unsendable is what keeps a value out of the header of a request, without the value; empty if nothing does.
func unsendable(value string) string {
	control := func(r rune) bool { return (r < ' ' && r != '\t') || r == 0x7f }
	switch {
	case !strings.ContainsFunc(value, control):
		return ""
	case strings.HasSuffix(value, "\n"), strings.HasSuffix(value, "\r"):
		return "ends with a line break"
	case strings.ContainsAny(value, "\r\n"):
		return "has a line break in it"
	default:
		return "has a control character in it"
	}
}

// duration reads a duration that its validator has checked; null and unknown give the default.
func duration(
	ctx context.Context,
	config tfsdk.Config,
	name string,
	fallback time.Duration,
	diags *diag.Diagnostics,
) time.Duration {
	var v types.String
	diags.Append(config.GetAttribute(ctx, path.Root(name), &v)...)
	d, err := time.ParseDuration(v.ValueString())
	if err != nil {
		return fallback
	}
	return d
}
