package contaboprovider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
)

// InstanceID is the ID of every instance. The sandbox has an instance with this ID and free snapshot slots.
const InstanceID = "42001"

// instance is an instance that exists in the state only.
type instance struct{}

// Metadata names the type.
func (instance) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "contabo_instance"
}

// Schema has the attributes that the examples set.
func (instance) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	fixed := func() schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		}
	}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"display_name": fixed(), "product_id": fixed(), "region": fixed(), "image_id": fixed(),
	}}
}

// Create keeps what is planned, with the ID of the sandbox's instance.
func (instance) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), InstanceID)...)
}

// Read changes nothing.
func (instance) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update is never called: each change replaces the instance.
func (instance) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	refuse(&resp.Diagnostics)
}

// Delete removes the instance from the state.
func (instance) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
