package kit

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// operationKey is the key of the private state for the operation of an interrupted wait. A release may have written it,
// so it does not change.
const operationKey = "job"

// LoadOperation reads the saved operation of an object. It is zero if there is none.
func LoadOperation(ctx context.Context, private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}, diags *diag.Diagnostics,
) (operation driver.Operation) {
	saved, d := private.GetKey(ctx, operationKey)
	diags.Append(d...)
	if len(saved) == 0 {
		return driver.Operation{}
	}
	if err := json.Unmarshal(saved, &operation); err != nil {
		// Without the operation, the wait polls the object.
		return driver.Operation{PollObject: true}
	}
	return operation
}

// SaveOperation saves an operation, or removes the saved one if there is nothing left to wait for.
func SaveOperation(ctx context.Context, private interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}, operation driver.Operation, diags *diag.Diagnostics,
) {
	var value []byte
	if !operation.Done() {
		encoded, err := json.Marshal(operation)
		if err != nil {
			diags.AddError("Unable to keep the state of the wait", err.Error())
			return
		}
		value = encoded
	}
	diags.Append(private.SetKey(ctx, operationKey, value)...)
}
