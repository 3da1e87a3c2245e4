package kit

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// operationKey is where the private state keeps an operation that an interrupted wait can go on with.
const operationKey = "job"

// LoadOperation reads the operation of an object that is not finished; the zero Job where there is none.
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
		// An unreadable operation only costs the wait its short cut: the object itself still tells.
		return driver.Operation{PollObject: true}
	}
	return operation
}

// SaveOperation keeps an operation, or forgets the kept one when nothing is left to wait for.
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
