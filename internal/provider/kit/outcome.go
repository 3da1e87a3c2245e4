package kit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
)

// Created ends a create whose object is in the state: a finished wait forgets its job, an interrupted one is a warning, and every other end an error that says
// how to keep the object.
func Created(ctx context.Context, resp *resource.CreateResponse, id string, err error) {
	switch {
	case err == nil:
		SaveJob(ctx, resp.Private, cloud.Job{}, &resp.Diagnostics)
	case cloud.KindOf(err) == cloud.KindCanceled:
		// A warning, not an error: Terraform must not taint what the cloud goes on to finish.
		Interrupted(&resp.Diagnostics, err, id)
	default:
		FailKept(&resp.Diagnostics, err, id)
	}
}

// Gone removes from the state what is not there any more. identity is the object's, which the framework wants even then.
func Gone(ctx context.Context, resp *resource.ReadResponse, noun, id string, identity any, err error) {
	tflog.Warn(ctx, "the "+noun+" is gone at the cloud and is removed from the state", map[string]any{"id": id, "reason": err.Error()})
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.State.RemoveResource(ctx)
}

// Removed ends a delete: what is gone already is deleted.
func Removed(diags *diag.Diagnostics, err error) {
	if err != nil && !cloud.IsNotFound(err) {
		Fail(diags, err)
	}
}
