package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const (
	attrExpiryWarning = "expiry_warning"
	attrPollInterval  = "poll_interval"

	defaultExpiryWarning = 72 * time.Hour
	defaultPollInterval  = 15 * time.Second
)

// Schema describes the provider's configuration: a block for each cloud of the list, and what all share.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		attrExpiryWarning: schema.StringAttribute{
			MarkdownDescription: "How long before a snapshot expires a plan begins to warn, as a duration. Defaults to `72h`; " +
				"`0s` switches the warning off.",
			Optional:   true,
			Validators: []validator.String{kit.Duration(0)},
		},
		attrPollInterval: schema.StringAttribute{
			MarkdownDescription: "The longest pause between two polls while waiting for slow work, as a duration. Defaults to " +
				"`15s`.",
			Optional:   true,
			Validators: []validator.String{kit.Duration(time.Millisecond)},
		},
	}
	for _, drv := range p.drivers {
		d := drv.Descriptor()
		attributes[d.Name] = schema.SingleNestedAttribute{
			MarkdownDescription: fmt.Sprintf("The settings of %s. A setting can also come from the environment. The "+
				"configuration takes precedence.", d.Title),
			Optional:   true,
			Attributes: fieldAttributes(d.Fields),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages snapshots, custom images and templates at " + kit.Titles(p.drivers) + ".",
		Attributes:          attributes,
	}
}

func fieldAttributes(fields []driver.Field) map[string]schema.Attribute {
	out := map[string]schema.Attribute{}
	for _, f := range fields {
		out[f.Name] = schema.StringAttribute{
			MarkdownDescription: fieldDescription(f),
			Optional:            true,
			Sensitive:           f.Sensitive,
		}
	}
	return out
}

func fieldDescription(f driver.Field) string {
	text := f.Help
	if len(f.Env) > 0 {
		text += fmt.Sprintf(" Environment: `%s`.", strings.Join(f.Env, "` or `"))
	}
	if f.Default != "" {
		text += fmt.Sprintf(" Defaults to `%s`.", f.Default)
	}
	return text
}
