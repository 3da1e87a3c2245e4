package kit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// FinishCreate reports the result of the wait of a create whose object is in the state. If the wait has failed, it
// saves the operation, so that the next apply can resume. An interrupt becomes a warning, every other failure an error
// that explains how to keep the object.
func FinishCreate(
	ctx context.Context,
	resp *resource.CreateResponse,
	id string,
	operation driver.Operation,
	err error,
) {
	if operation.Adopted {
		WarnAdopted(&resp.Diagnostics, id)
	}
	if err == nil {
		return
	}
	SaveOperation(ctx, resp.Private, operation, &resp.Diagnostics)
	switch {
	case driver.KindOf(err) == driver.KindCanceled:
		// A warning, not an error: Terraform must not taint an object that the cloud is still creating.
		WarnInterrupted(&resp.Diagnostics, err, id)
	default:
		AddTaintedError(&resp.Diagnostics, err, id)
	}
}

// WarnAdopted adds the warning of a create whose answer was lost, and whose object a listing has shown.
func WarnAdopted(diags *diag.Diagnostics, id string) {
	diags.AddWarning("Adopted after a lost answer", fmt.Sprintf("The answer to the request that creates the "+
		"object was lost. The cloud shows exactly one new object that matches, created since the request began: %s. The "+
		"state has it now.\n\nIf someone else created it at the same moment, it is theirs: compare it at the cloud, and "+
		"release it with \"terraform state rm\" before you destroy or replace it.", cmp.Or(Visible(id), "it has no ID yet")))
}

// Loss is an object of the state that is not at the cloud any more.
type Loss struct {
	// ID is the import ID.
	ID string
	// Managed is false while an import reads an object for the first time.
	Managed bool
	// ExpiresAt is when the cloud deletes the object by itself, zero if it does not.
	ExpiresAt time.Time
}

// RemoveFromState removes an object from the state, and warns why. identity is the object's, which the framework
// requires even then. An import gets no warning: Terraform's own error follows.
func (b *Base) RemoveFromState(
	ctx context.Context, resp *resource.ReadResponse, cl *cloud.Cloud, loss Loss, identity any, err error,
) {
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.State.RemoveResource(ctx)
	if !loss.Managed {
		return
	}
	WarnGone(&resp.Diagnostics, b.Noun.Name, loss, b.Noun.AfterLoss, cl, err)
}

// WarnGone adds the warning that an object of the state does not exist any more. noun is the kind of object, next what
// the next apply does, and err why the object is gone.
func WarnGone(diags *diag.Diagnostics, noun string, loss Loss, next string, cl *cloud.Cloud, err error) {
	var e *driver.Error
	reason := err.Error()
	if errors.As(err, &e) {
		reason = e.Message
	}
	reason = "Reason: " + strings.TrimRight(Visible(reason), ". ")
	if !loss.ExpiresAt.IsZero() && !loss.ExpiresAt.After(cl.Now()) {
		reason = fmt.Sprintf("It expired at %s, and the cloud deleted it", loss.ExpiresAt.UTC().Format(time.RFC3339))
	}
	diags.AddWarning(capital(noun)+" is gone", fmt.Sprintf(
		"The %s does not exist at %s any more, so Terraform removes it from the state. %s.\n\n%s",
		called(noun, loss.ID), cl.Title, reason, next))
}

// BeginDelete reads the state of an object that a destroy deletes, and opens its cloud. It is false if nothing is to be
// deleted: deletion_policy keeps the object, which a warning states, or an error was added.
func BeginDelete[M Placed](
	ctx context.Context, b *ResourceBase, req resource.DeleteRequest, diags *diag.Diagnostics,
) (state M, cl *cloud.Cloud, ok bool) {
	if state, ok = DecodeState[M](ctx, &b.Base, req.State, diags); !ok {
		return state, nil, false
	}
	values := objectValues(req.State.Raw)
	if valueOf(values[attrDeletionPolicy]).Text == PolicyRetain {
		WarnRetained(diags, b.Noun.Name, b.Noun.importID(ctx, req.State))
		return state, nil, false
	}
	cl, ok = b.Cloud(state.CloudName(), diags)
	return state, cl, ok
}

// FinishDelete reports the result of a delete. An object that is already gone is deleted.
func FinishDelete(diags *diag.Diagnostics, err error) {
	if err != nil && !driver.IsNotFound(err) {
		AddError(diags, err)
	}
}

// Result is where a resource writes an object: the state, the identity and the diagnostics of a response.
type Result struct {
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
	diags    *diag.Diagnostics
}

// CreateResult is the result of a create.
func CreateResult(resp *resource.CreateResponse) Result {
	return Result{&resp.State, resp.Identity, &resp.Diagnostics}
}

// ReadResult is the result of a read.
func ReadResult(resp *resource.ReadResponse) Result {
	return Result{&resp.State, resp.Identity, &resp.Diagnostics}
}

// UpdateResult is the result of an update.
func UpdateResult(resp *resource.UpdateResponse) Result {
	return Result{&resp.State, resp.Identity, &resp.Diagnostics}
}

// Set writes the models of an object into state and identity.
func (r Result) Set(ctx context.Context, model, identity any) {
	r.diags.Append(encode(ctx, r.state, &r.state.Raw, model)...)
	r.diags.Append(encode(ctx, r.identity, &r.identity.Raw, identity)...)
}
