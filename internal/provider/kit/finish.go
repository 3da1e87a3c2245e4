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

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// FinishCreate ends a create whose object is in the state. After a wait that has not come to its end it keeps the
// operation, so that the next apply can resume: an interrupt is a warning, and every other end an error that says how
// to keep the object.
func FinishCreate(ctx context.Context, resp *resource.CreateResponse, id string, operation driver.Operation, err error) {
	if operation.Adopted {
		resp.Diagnostics.AddWarning("Adopted after a lost answer", fmt.Sprintf("The answer to the request that creates the object was lost. "+
			"The cloud shows exactly one new object that fits, created since the request began: %s. The state has it now.\n\n"+
			"If someone else created it at the same moment, it is theirs: compare it at the cloud, and release it with "+
			"\"terraform state rm\" before you destroy or replace it.", cmp.Or(Visible(id), "it has no ID yet")))
	}
	if err == nil {
		return
	}
	SaveOperation(ctx, resp.Private, operation, &resp.Diagnostics)
	switch {
	case driver.KindOf(err) == driver.KindCanceled:
		// A warning, not an error: Terraform must not taint what the cloud goes on to finish.
		WarnInterrupted(&resp.Diagnostics, err, id)
	default:
		AddTaintedError(&resp.Diagnostics, err, id)
	}
}

// Loss is an object of the state that is not at the cloud any more.
type Loss struct {
	// Noun is the kind of object, ID what an import takes.
	Noun, ID string
	// Managed is false while an import reads an object for the first time.
	Managed bool
	// Title is the name of the cloud.
	Title string
	// ExpiresAt is when the cloud deletes it by itself, zero if it does not. Now is the cloud's time.
	ExpiresAt, Now time.Time
	// Next is what the next apply does, in full sentences.
	Next string
}

// RemoveFromState removes from the state what is not there any more, and warns why. identity is the object's, which the
// framework wants even then. An import gets no warning: Terraform's own error follows.
func RemoveFromState(ctx context.Context, resp *resource.ReadResponse, loss Loss, identity any, err error) {
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.State.RemoveResource(ctx)
	if !loss.Managed {
		return
	}
	var e *driver.Error
	reason := err.Error()
	if errors.As(err, &e) {
		reason = e.Message
	}
	reason = "Reason: " + strings.TrimRight(Visible(reason), ". ")
	if !loss.ExpiresAt.IsZero() && !loss.ExpiresAt.After(loss.Now) {
		reason = fmt.Sprintf("It expired at %s, and the cloud deleted it", loss.ExpiresAt.UTC().Format(time.RFC3339))
	}
	resp.Diagnostics.AddWarning(capital(loss.Noun)+" is gone", fmt.Sprintf(
		"The %s does not exist at %s any more, so Terraform removes it from the state. %s.\n\n%s",
		called(loss.Noun, loss.ID), loss.Title, reason, loss.Next))
}

// FinishDelete ends a delete: what is gone already is deleted.
func FinishDelete(diags *diag.Diagnostics, err error) {
	if err != nil && !driver.IsNotFound(err) {
		AddError(diags, err)
	}
}
