package kit

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// The values of deletion_policy.
const (
	PolicyDelete = "delete"
	PolicyRetain = "retain"
)

const attrDeletionPolicy = "deletion_policy"

// DeletionPolicy is the attribute deletion_policy; noun is what is kept or deleted.
func DeletionPolicy(noun string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "What destroying does: `delete` (the default) deletes the " + noun + " at the cloud, `retain` " +
			"only forgets it, and the plan names the ID to import it by. A destroy goes by the policy that the last apply has " +
			"saved: to delete a retained " + noun + ", apply `delete` first. After an import, setting `retain` is a change in " +
			"place that sends nothing to the cloud.",
		Optional:   true,
		Computed:   true,
		Default:    stringdefault.StaticString(PolicyDelete),
		Validators: []validator.String{stringvalidator.OneOf(PolicyDelete, PolicyRetain)},
	}
}

// ComputedString is a text that the cloud sets once.
func ComputedString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// ComputedTime is a time that the cloud sets once.
func ComputedTime(description string) schema.StringAttribute {
	a := ComputedString(description + " RFC 3339, UTC.")
	a.CustomType = timetypes.RFC3339Type{}
	return a
}
